#include "support/split_recording.h"

#include <stdexcept>

#include "recording/part_set.h"

namespace genlock::test {

std::vector<std::filesystem::path> split_recording(const std::filesystem::path& first,
                                                   const recording::RecordingInfo& info,
                                                   const TakeContent& content, DeviceDuration duration) {
  std::vector<std::filesystem::path> files{first};
  recording::WriterOptions options = fixed_options();
  options.split.duration = duration;
  options.split.next_part = [&](std::uint32_t part) {
    return create_file(files.emplace_back(recording::part_name(first, part)), IfExists::refuse);
  };
  const Status status =
      record_into(create_file(first, IfExists::refuse).value(), info, content, std::move(options));
  if (!status) throw std::runtime_error(status.error().message());
  return files;
}

}  // namespace genlock::test
