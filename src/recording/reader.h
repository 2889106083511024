#pragma once

#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "recording/recording.h"

namespace genlock::recording {

/// One frame of a track as the walk over a file sees it, without its pixels.
struct FrameEntry {
  TrackKind track = TrackKind::color;
  DeviceTime device_time;
  std::uint64_t bytes = 0;  ///< stored size
  std::optional<HostTime> host_time;
  std::optional<DeviceDuration> exposure;
  std::optional<std::uint32_t> white_balance;
  std::optional<std::uint32_t> iso;
  std::optional<float> temperature_c;
  std::optional<std::int64_t> pulse;  ///< of its sync pulse, as the recorder counted
};

/// Everything about a file but its pixels: what verify and info need.
struct Survey {
  std::vector<FrameEntry> frames;  ///< colour, depth and IR in file order
  std::uint64_t imu_samples = 0;
  std::optional<DeviceTime> first_imu, last_imu;
  std::vector<HostPair> host_pairs;
  std::vector<JackObservation> jacks;
  std::vector<Gap> gaps;  ///< what the recorder had to leave out, as the file tells it
  std::vector<std::string>
      problems;            ///< what is damaged or missing, in words; everything intact is listed all the same
  bool finalised = false;  ///< size, duration and index filled in by a proper close
  std::optional<DeviceDuration> duration;  ///< as the file's info says
  std::uint64_t file_bytes = 0;
};

/// One track of a file, of the unit's or any other.
struct TrackInfo {
  enum class Kind : std::uint8_t { video, subtitle, other };

  std::string name;         ///< the role's own for built-in tracks: COLOR, DEPTH, IR, IMU
  std::string stored_name;  ///< the file's: DEPTH_IR for IR in 2018
  std::uint64_t number = 0;
  std::uint64_t uid = 0;
  Kind kind = Kind::other;
  bool built_in = false;  ///< resolved as colour, depth, IR or IMU
  std::string codec_id;
  Buffer codec_private;
  std::uint64_t width = 0, height = 0;  ///< of video tracks
  std::uint64_t frame_period_ns = 0;    ///< 0 where the file does not say
};

/// Data of a custom track.
struct DataBlock {
  DeviceTime device_time;
  Buffer data;
};

/// What is left of a stream, for range-based for: an error is the last item. The reader must outlive it, and
/// a step is a call of the reader, which moves the stream's position.
///
///     for (const Result<Capture>& capture : reader.captures()) {
///       if (!capture) return capture.error();
///       use(*capture);
///     }
template <class Item>
class ItemRange {
 public:
  using Fetch = std::function<Result<std::optional<Item>>()>;

  explicit ItemRange(Fetch fetch) : fetch_(std::move(fetch)) {}

  /// An input iterator: copies share one position.
  class Iterator {
   public:
    using value_type = Result<Item>;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    explicit Iterator(const ItemRange& range) : fetch_(&range.fetch_) { step(); }

    const Result<Item>& operator*() const { return *item_; }
    const Result<Item>* operator->() const { return &*item_; }
    Iterator& operator++() {
      step();
      return *this;
    }
    void operator++(int) { step(); }
    friend bool operator==(const Iterator& at, std::default_sentinel_t) { return !at.item_; }

   private:
    void step() {
      const bool failed = item_ && !*item_;
      item_.reset();
      if (failed) return;
      Result<std::optional<Item>> next = (*fetch_)();
      if (!next) {
        item_.emplace(next.error());
      } else if (*next) {
        item_.emplace(**std::move(next));
      }
    }

    const Fetch* fetch_;
    std::optional<Result<Item>> item_;
  };

  Iterator begin() const { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  Fetch fetch_;
};

/// Where Reader::survey() takes it from. What is listed is what next_capture() and next_imu_sample() give, on
/// damaged files too; only an index that nothing has contradicted yet is taken at its word.
enum class SurveyFrom : std::uint8_t {
  /// The file's index where it has a whole one; else its clusters. The index is believed until the reader has
  /// read of a cluster what it does not list, and every survey reads a few: that is noted as a problem,
  /// and from then on clusters count.
  index,
  clusters,  ///< the heads of all blocks, so that all damage to them is found
};

struct ReaderOptions {
  /// Gives images as they are stored, whatever their mode needs; else one of the wrong size is damage and
  /// left out.
  bool any_image_size = false;
};

/// Reads a K4A recording, Genlock's or the stock recorder's, back to the 2018 dialect. One thread at a time.
///
/// Captures, IMU samples and each custom track have a position of their own, between two of their items. Next
/// gives the item behind it, previous the one before it, and both move over it; but a change of direction
/// goes on from the item given last: next = a, next = b, previous = a (facts k4a-abi.md B12). At an end they
/// give nothing and stay: the opposite direction then gives the end item. seek moves all positions.
///
/// Of a damaged file too, what there is does not depend on the way to it: both directions give the same.
class Reader {
 public:
  /// Errc::corrupt: not such a file, with the reason. A cut tail is no error.
  static Result<std::unique_ptr<Reader>> open(std::unique_ptr<ByteSource> source, ReaderOptions options = {});

  /// The same for a file and, where it is a part of a split recording, for all parts found beside it, in
  /// order, as if they were one. Parts that are missing are noted as problems. Errors name the file.
  static Result<std::unique_ptr<Reader>> open_recording(const std::filesystem::path& file,
                                                        ReaderOptions options = {});
  ~Reader();

  const RecordingInfo& info() const;

  /// The files this reads: one unless open_recording found parts.
  const std::vector<std::filesystem::path>& files() const;

  /// By name in byte order.
  const std::vector<TrackInfo>& tracks() const;

  /// The value of the first tag of that name, whatever it is about: RecordingInfo::tags has the global ones
  /// only.
  std::optional<std::string> tag(std::string_view name) const;

  /// Names of the attachments, the calibration's included; nothing for content that is not there.
  std::vector<std::string> attachment_names() const;
  Result<std::optional<Buffer>> attachment(std::string_view name);

  /// From file time 0 to the end of the last item of any track.
  DeviceDuration length() const;

  /// The next capture: images less than half a frame period apart, after taking the depth delay out (facts
  /// mkv.md 2). Nothing at the end. Pixels of 16-bit images are little-endian in memory whatever the file
  /// has; their memory is the reader's to reuse once the last reference is gone, and may outlive the reader.
  Result<std::optional<Capture>> next_capture();
  Result<std::optional<Capture>> previous_capture();

  Result<std::optional<ImuSample>> next_imu_sample();
  Result<std::optional<ImuSample>> previous_imu_sample();

  /// Of a track that is not built in: Errc::not_found otherwise.
  Result<std::optional<DataBlock>> next_data(std::string_view track);
  Result<std::optional<DataBlock>> previous_data(std::string_view track);

  /// So that next gives the first item at or after `time`, where captures count as a whole: one whose images
  /// lie on both sides of `time` is the next one. Beyond the ends it goes to the end.
  void seek(DeviceTime time);
  /// Behind the last item, or `before` earlier than that, as facts k4a-abi.md B12 define
  /// K4A_PLAYBACK_SEEK_END.
  void seek_end(DeviceDuration before = {});

  /// All positions back to the start.
  void rewind();

  /// From the present positions on, without copies of frame data.
  ItemRange<Capture> captures();
  ItemRange<ImuSample> imu_samples();
  ItemRange<DataBlock> data(std::string_view track);

  /// Damage met so far, in words. survey(SurveyFrom::clusters) finds all of it.
  std::vector<std::string> problems() const;

  /// Everything but pixels.
  Result<Survey> survey(SurveyFrom from = SurveyFrom::index);

 private:
  struct Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::recording
