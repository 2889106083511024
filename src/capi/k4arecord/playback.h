#pragma once

#include <memory>
#include <optional>

#include "capi/color/convert.h"
#include "capi/common/handle_table.h"
#include "k4arecord/types.h"
#include "recording/reader.h"

namespace genlock::capi {

/// A recording that a C program reads: what a k4a_playback_t stands for. One thread at a time.
class Playback {
 public:
  /// One file, also where it is a part of a split recording. Errc::corrupt too for a file without any data:
  /// programs written for the vendor's library count on that.
  static Result<std::shared_ptr<Playback>> open(const char* path);

  explicit Playback(std::unique_ptr<recording::Reader> reader);

  recording::Reader& reader() { return *reader_; }
  const recording::RecordingInfo& info() const { return reader_->info(); }

  /// By the names that the file has, in byte order.
  const std::vector<const recording::TrackInfo*>& tracks() const { return tracks_; }

  /// By the file's name, or the built-in one of a track that the file calls otherwise. Errc::not_found for a
  /// name that no track has; Errc::invalid for null.
  Result<const recording::TrackInfo*> track(const char* name) const;

  /// Colour images that color_image() sees from now on are given in this format.
  Status set_color_format(PixelFormat format);

  /// `recorded` in the format that was set, or as it is.
  Result<Image> color_image(const Image& recorded);

 private:
  const std::unique_ptr<recording::Reader> reader_;
  std::vector<const recording::TrackInfo*> tracks_;
  std::optional<PixelFormat> color_format_;
  std::optional<color::Converter> converter_;
};

/// The recordings that are open in this process.
HandleTable<k4a_playback_t, Playback>& playbacks();

/// An error where `handle` is none.
inline Result<std::shared_ptr<Playback>> find_playback(k4a_playback_t handle) {
  return playbacks().find(handle);
}

}  // namespace genlock::capi
