#include "replay/recorded_images.h"

#include <fmt/core.h>

#include <algorithm>

#include "recording/reader.h"

namespace genlock::replay {
namespace {

using device::sim::DepthIr;

class RecordedImages final : public device::sim::ImageSource {
 public:
  RecordedImages(std::vector<Buffer> colors, std::vector<DepthIr> depths)
      : colors_(std::move(colors)), depths_(std::move(depths)) {}

  Result<Buffer> color(const device::sim::ColorMoment& moment) override {
    return of_pulse(colors_, moment.pulse, "colour");
  }
  Result<DepthIr> depth(const device::sim::DepthMoment& moment) override {
    return of_pulse(depths_, moment.pulse, "depth");
  }

 private:
  template <class T>
  static Result<T> of_pulse(const std::vector<T>& pictures, std::uint64_t pulse, std::string_view camera) {
    if (pictures.empty())
      return Error(Errc::state, fmt::format("the {} camera of these pictures is off", camera));
    return pictures[pulse % pictures.size()];
  }

  const std::vector<Buffer> colors_;
  const std::vector<DepthIr> depths_;
};

Error differs(std::string_view setting, std::string_view recorded, std::string_view wanted) {
  return Error(Errc::unsupported,
               fmt::format("the recording's {} is {}, the bench's unit needs {}; start the unit as "
                           "the recording was made, or choose another recording",
                           setting, recorded, wanted));
}

Status check_modes(const CameraConfig& recorded, const CameraConfig& wanted) {
  if (wanted.color_on() && recorded.color_resolution != wanted.color_resolution)
    return differs("colour resolution", to_string(recorded.color_resolution),
                   to_string(wanted.color_resolution));
  if (wanted.color_on() && recorded.color_format != wanted.color_format)
    return differs("colour format", to_string(recorded.color_format), to_string(wanted.color_format));
  if (wanted.depth_on() && recorded.depth_mode != wanted.depth_mode)
    return differs("depth mode", to_string(recorded.depth_mode), to_string(wanted.depth_mode));
  return {};
}

/// Depth and IR side by side in one allocation, as an ImageSource gives them.
DepthIr joined(const std::optional<Image>& depth, const Image& ir) {
  std::vector<std::byte> bytes;
  if (depth) bytes.assign(depth->data.bytes().begin(), depth->data.bytes().end());
  const std::size_t split = bytes.size();
  bytes.insert(bytes.end(), ir.data.bytes().begin(), ir.data.bytes().end());
  const Buffer both = Buffer::from_vector(std::move(bytes));
  return {.depth = split > 0 ? both.slice(0, split) : Buffer(), .ir = both.slice(split, both.size() - split)};
}

/// Collects pictures until the memory meant for them is full.
class Collector {
 public:
  Collector(const CameraConfig& config, std::size_t room) : config_(config), room_(room) {}

  /// False once nothing more fits.
  bool add(const Capture& capture) {
    if (config_.color_on() && capture.color && !add_color(*capture.color)) return false;
    const bool needs_depth = has_depth_image(config_.depth_mode);
    const bool complete = config_.depth_on() && capture.ir && (capture.depth || !needs_depth);
    return !complete || add_depth(capture);
  }

  Result<std::unique_ptr<device::sim::ImageSource>> finish() && {
    if (config_.color_on() && colors_.empty())
      return Error(Errc::unsupported, "the recording has no colour picture");
    if (config_.depth_on() && depths_.empty())
      return Error(Errc::unsupported, "the recording has no depth picture");
    return std::unique_ptr<device::sim::ImageSource>(
        std::make_unique<RecordedImages>(std::move(colors_), std::move(depths_)));
  }

 private:
  bool take_room(std::size_t bytes) {
    if (bytes > room_) return false;
    room_ -= bytes;
    return true;
  }

  bool add_color(const Image& color) {
    if (!take_room(color.data.size())) return false;
    colors_.push_back(Buffer::copy_of(color.data.bytes()));
    return true;
  }

  bool add_depth(const Capture& capture) {
    if (!take_room(capture.ir->data.size() + (capture.depth ? capture.depth->data.size() : 0))) return false;
    depths_.push_back(joined(capture.depth, *capture.ir));
    return true;
  }

  const CameraConfig config_;
  std::size_t room_;
  std::vector<Buffer> colors_;
  std::vector<DepthIr> depths_;
};

}  // namespace

Result<std::unique_ptr<device::sim::ImageSource>> recorded_images(std::unique_ptr<ByteSource> source,
                                                                  const CameraConfig& config,
                                                                  RecordedImagesOptions options) {
  GENLOCK_ASSIGN(const auto reader, recording::Reader::open(std::move(source)));
  GENLOCK_TRY(check_modes(reader->info().config, config));
  Collector pictures(config, options.max_bytes);
  for (;;) {
    GENLOCK_ASSIGN(const auto capture, reader->next_capture());
    if (!capture || !pictures.add(*capture)) break;
  }
  return std::move(pictures).finish();
}

Result<std::unique_ptr<device::sim::ImageSource>> recorded_images_of(const std::filesystem::path& path,
                                                                     const CameraConfig& config) {
  GENLOCK_ASSIGN(auto source, open_file(path));
  return recorded_images(std::move(source), config).context("pictures of " + path.string());
}

}  // namespace genlock::replay
