// Writes the fuzzers' seeds: real recordings, small ones of Genlock's writer, cut and damaged ones, and files
// that lie. make_seeds FOLDER makes FOLDER/recording and FOLDER/header.

#include <fstream>
#include <iostream>

#include "mkv/block.h"
#include "mkv/element_writer.h"
#include "mkv/endian.h"
#include "recording/format.h"
#include "support/recording_support.h"

namespace genlock::fuzz {
namespace {

using Bytes = std::vector<std::byte>;
using Id = mkv::ElementId;
using mkv::ElementWriter;

Bytes to_bytes(const mkv::Output& out) {
  return {out.bytes().begin(), out.bytes().end()};
}

/// Colour images of 24 bytes, IMU samples and records: a few KB.
Bytes small_recording(std::size_t captures, bool finished) {
  CameraConfig config;
  config.color_resolution = ColorResolution::r720p;
  config.depth_mode = DepthMode::off;
  config.rate = FrameRate::fps5;
  test::TakeContent content;
  for (std::size_t i = 0; i < captures; ++i) {
    const DeviceTime time = device_time_us(1'000'000 + 200'000 * static_cast<std::int64_t>(i));
    Capture capture = test::synthetic_capture(config, time, static_cast<unsigned>(i));
    capture.color->data = capture.color->data.slice(0, 24);
    content.captures.push_back(std::move(capture));
  }
  content.imu = test::synthetic_imu(device_time_us(990'000), 4 * captures, device_us(50'000));
  content.host_pairs = {{device_time_us(1'000'000), HostTime(std::chrono::seconds(5)), {}}};
  const recording::RecordingInfo info = test::synthetic_info(config, true);
  return finished ? *test::record(info, content) : *test::record_unfinished(info, content);
}

/// The smallest file that is read: `body` is the segment's content behind its tracks.
template <class Body>
Bytes tiny(Body body) {
  mkv::Output out;
  ElementWriter writer(out);
  writer.put_master(Id::ebml, [&] {
    writer.put_string(Id::doc_type, "matroska");
    writer.put_uint(Id::doc_type_read_version, 2);
  });
  writer.put_master(Id::segment, {.size_width = 8, .unknown_size = true}, [] {});
  writer.put_master(Id::tracks, [&] {
    writer.put_master(Id::track_entry, [&] {
      writer.put_uint(Id::track_number, 1);
      writer.put_uint(Id::track_type, recording::kTrackTypeSubtitle);
      writer.put_string(Id::name, recording::kImuTrack);
    });
  });
  body(out, writer);
  return to_bytes(out);
}

void put_raw(mkv::Output& out, std::initializer_list<unsigned> bytes) {
  for (const unsigned byte : bytes) out.put(static_cast<std::uint8_t>(byte));
}

void put_sample_block(ElementWriter& writer, std::int16_t time) {
  Bytes block(4 + recording::kImuSampleBytes);
  block[0] = std::byte{0x81};
  mkv::store_big(static_cast<std::uint16_t>(time), MutableByteSpan(block).subspan(1, 2));
  writer.put_binary(Id::simple_block, block);
}

void put_cluster(ElementWriter& writer, std::uint64_t time, std::int16_t block_time) {
  writer.put_master(Id::cluster, {.size_width = 8}, [&] {
    writer.put_uint(Id::timestamp, time);
    put_sample_block(writer, block_time);
  });
}

Bytes lying_sizes() {
  return tiny([](mkv::Output& out, ElementWriter& writer) {
    put_cluster(writer, 1, 0);
    put_raw(out, {0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE});  // 2^56 - 2
    put_raw(out, {0xE7, 0x81, 0x02, 0xA3, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00, 0x00, 0x00});
    put_cluster(writer, 3, 0);
  });
}

Bytes length_of_2_to_63() {
  return tiny([](mkv::Output& out, ElementWriter&) {
    put_raw(out, {0x1F, 0x43, 0xB6, 0x75, 0xFF, 0xE7, 0x88, 0x80, 0, 0, 0, 0, 0, 0, 0});  // a time
    put_raw(out, {0xA0, 0x90, 0xA1, 0x84, 0x81, 0, 0, 0, 0x9B, 0x88, 0x80, 0, 0, 0, 0, 0, 0, 0});
  });
}

Bytes recursion() {
  return tiny([](mkv::Output& out, ElementWriter& writer) {
    for (int i = 0; i < 200; ++i) put_raw(out, {0x1F, 0x43, 0xB6, 0x75, 0xFF, 0xA0, 0xFF});
    put_cluster(writer, 1, 0);
  });
}

Bytes overlap() {
  return tiny([](mkv::Output& out, ElementWriter& writer) {
    put_raw(out, {0x1F, 0x43, 0xB6, 0x75, 0xC0, 0xE7, 0x81, 0x01});  // claims what the next one has
    put_cluster(writer, 2, 0);
    put_raw(out, {0x12, 0x54, 0xC3, 0x67, 0xBF});  // so do these Tags
    put_cluster(writer, 3, 0);
  });
}

Bytes absurd_counts() {
  return tiny([](mkv::Output& out, ElementWriter&) {
    put_raw(out, {0x1F, 0x43, 0xB6, 0x75, 0x94, 0xE7, 0x81, 0x01});
    put_raw(out, {0xA3, 0x85, 0x81, 0, 0, 0x06, 0xFF});  // 256 laced frames in nothing
    put_raw(out, {0xA3, 0x88, 0x81, 0, 0, 0x02, 0x05, 0xFF, 0xFF, 0xFF});
    put_raw(out, {0x1C, 0x53, 0xBB, 0x6B, 0x86, 0xBB, 0x84, 0xB3, 0x82, 0xFF, 0xFF});
  });
}

Bytes negative_times() {
  return tiny([](mkv::Output&, ElementWriter& writer) {
    put_cluster(writer, 0, -32768);
    put_cluster(writer, 5, -5000);
    put_cluster(writer, 4, 32767);
  });
}

Bytes seek_circle() {
  return tiny([](mkv::Output& out, ElementWriter& writer) {
    writer.put_master(Id::seek_head, [&] {
      for (const unsigned position : {0U, 40U, 60U, 0xFFFFFFFFU}) {
        writer.put_master(Id::seek, [&] {
          put_raw(out, {0x53, 0xAB, 0x84, 0x11, 0x4D, 0x9B, 0x74});
          writer.put_uint(Id::seek_position, position);
        });
      }
    });
    put_cluster(writer, 1, 0);
  });
}

/// Elements for the header fuzzer.
Bytes tags_and_more() {
  mkv::Output out;
  ElementWriter writer(out);
  writer.put_master(Id::info, [&] {
    writer.put_uint(Id::timestamp_scale, 1000);
    writer.put_double(Id::duration, -1e300);
  });
  writer.put_master(Id::attachments, [&] {
    writer.put_master(Id::attached_file, [&] {
      writer.put_string(Id::file_name, "calibration.json");
      writer.put_binary(Id::file_data, Bytes(40, std::byte{'{'}));
      writer.put_uint(Id::file_uid, 7);
    });
  });
  writer.put_master(Id::tags, {.crc = true}, [&] {
    const std::pair<const char*, const char*> tags[] = {{"K4A_START_OFFSET_NS", "9223372036854775807"},
                                                        {"K4A_DEPTH_MODE", "NFOV_UNBINNED"},
                                                        {"K4A_WIRED_SYNC_MODE", "SUBORDINATE"},
                                                        {"K4A_SUBORDINATE_DELAY_NS", "-1"},
                                                        {"K4A_IMU_TRACK", "1001"}};
    for (const auto& tag : tags) {
      writer.put_master(Id::tag, [&] {
        writer.put_master(Id::targets, [] {});
        writer.put_master(Id::simple_tag, [&] {
          writer.put_string(Id::tag_name, tag.first);
          writer.put_string(Id::tag_string, tag.second);
        });
      });
    }
  });
  return to_bytes(out);
}

Bytes wrong_codec_private(Bytes file) {
  // The BITMAPINFOHEADER of the colour track begins with its size, 40.
  const Bytes head{std::byte{0x63}, std::byte{0xA2}, std::byte{0xA8}, std::byte{40}};
  const auto at = std::search(file.begin(), file.end(), head.begin(), head.end());
  if (at != file.end()) std::fill_n(at + 3, 8, std::byte{0xFF});
  return file;
}

void save(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void make(const std::filesystem::path& folder) {
  const std::filesystem::path files = folder / "recording";
  std::filesystem::create_directories(files);
  std::filesystem::create_directories(folder / "header");
  const Bytes whole = small_recording(12, true);
  Bytes unfinished = small_recording(12, false);
  save(files / "finished.mkv", whole);
  save(files / "unfinished.mkv", unfinished);
  save(files / "cut.mkv", Bytes(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(whole.size() / 3)));
  unfinished.resize(unfinished.size() + 500);
  save(files / "zeros.mkv", unfinished);
  Bytes flipped = whole;
  flipped[flipped.size() * 3 / 4] ^= std::byte{0x10};
  save(files / "flipped.mkv", flipped);
  save(files / "codec.mkv", wrong_codec_private(whole));
  save(files / "sizes.mkv", lying_sizes());
  save(files / "huge.mkv", length_of_2_to_63());
  save(files / "recursion.mkv", recursion());
  save(files / "overlap.mkv", overlap());
  save(files / "counts.mkv", absurd_counts());
  save(files / "negative.mkv", negative_times());
  save(files / "seek.mkv", seek_circle());
  save(files / "old_dialect.mkv",
       *test::load_file(test::data_file("mkv/ms_sdk_2018_playback_test_input.mkv")));
  save(folder / "header" / "tags", tags_and_more());
}

}  // namespace
}  // namespace genlock::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "make_seeds FOLDER\n";
    return 2;
  }
  genlock::fuzz::make(argv[1]);
  return 0;
}
