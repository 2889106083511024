// The reader on arbitrary files: it must end, stay inside the file and its memory, and say corrupt rather
// than crash.

#include <cstdlib>

#include "recording/reader.h"

namespace {

using namespace genlock;

std::unique_ptr<ByteSource> source_of(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  return std::make_unique<MemorySource>(std::vector<std::byte>(bytes, bytes + size));
}

void require(bool condition) {
  if (!condition) std::abort();
}

std::size_t images_in(const Capture& capture) {
  return capture.color.has_value() + capture.depth.has_value() + capture.ir.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reader = recording::Reader::open(source_of(data, size));
  if (!reader) {
    require(reader.error().code() == Errc::corrupt);
    return 0;
  }
  std::size_t images = 0;
  std::size_t samples = 0;
  while (true) {
    const Result<std::optional<Capture>> capture = (*reader)->next_capture();
    require(capture.has_value());
    if (!*capture) break;
    require(!(*capture)->empty());
    images += images_in(**capture);
  }
  while (true) {
    const Result<std::optional<ImuSample>> sample = (*reader)->next_imu_sample();
    require(sample.has_value());
    if (!*sample) break;
    ++samples;
  }
  const Result<recording::Survey> survey = (*reader)->survey();
  require(survey.has_value());
  require(survey->frames.size() == images);
  require(survey->imu_samples == samples);
  return 0;
}
