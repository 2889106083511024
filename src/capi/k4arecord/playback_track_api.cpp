// k4a_playback_...: the tracks of a file (facts k4a-abi.md B11).

#include <fmt/core.h>
#include <k4arecord/playback.h>

#include "capi/common/guard.h"
#include "capi/common/sized_output.h"
#include "capi/k4arecord/playback.h"

namespace genlock::capi {
namespace {

/// The track and the recording it belongs to.
struct Found {
  std::shared_ptr<Playback> playback;
  const recording::TrackInfo* track = nullptr;
};

Result<Found> find_track(k4a_playback_t handle, const char* name) {
  Found found;
  GENLOCK_ASSIGN(found.playback, find_playback(handle));
  GENLOCK_ASSIGN(found.track, found.playback->track(name));
  return found;
}

/// A question whose answer may be no: an unknown name is not an error then, null is.
Result<bool> ask(k4a_playback_t handle, const char* name, bool (*question)(const recording::TrackInfo&)) {
  const Result<Found> found = find_track(handle, name);
  if (found) return question(*found->track);
  if (found.error().code() == Errc::not_found) return false;
  return found.error();
}

Result<k4a_buffer_result_t> get_name(k4a_playback_t handle, std::size_t index, char* name,
                                     std::size_t* size) {
  GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(handle));
  const std::vector<const recording::TrackInfo*>& tracks = playback->tracks();
  if (index >= tracks.size())
    return Error(Errc::not_found,
                 fmt::format("the file has {} tracks and none of index {}", tracks.size(), index));
  return give_text(tracks[index]->stored_name, name, size);
}

Status get_video_settings(k4a_playback_t handle, const char* name, k4a_record_video_settings_t* out) {
  GENLOCK_TRY(check_pointer(out, "the place for the settings"));
  GENLOCK_ASSIGN(const Found found, find_track(handle, name));
  const recording::TrackInfo& track = *found.track;
  if (track.kind != recording::TrackInfo::Kind::video)
    return Error(Errc::unsupported, fmt::format("the track {} is no video", name));
  constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
  *out = {.width = track.width,
          .height = track.height,
          .frame_rate = track.frame_period_ns == 0 ? 0 : kNsPerSecond / track.frame_period_ns};
  return {};
}

}  // namespace
}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

bool k4a_playback_check_track_exists(k4a_playback_t playback_handle, const char* track_name) {
  return guarded(__func__, false,
                 [&] { return ask(playback_handle, track_name, [](const auto&) { return true; }); });
}

size_t k4a_playback_get_track_count(k4a_playback_t playback_handle) {
  return guarded(__func__, size_t{0}, [&]() -> Result<size_t> {
    GENLOCK_ASSIGN(const std::shared_ptr<Playback> playback, find_playback(playback_handle));
    return playback->reader().tracks().size();
  });
}

k4a_buffer_result_t k4a_playback_get_track_name(k4a_playback_t playback_handle, size_t track_index,
                                                char* track_name, size_t* track_name_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED,
                 [&] { return get_name(playback_handle, track_index, track_name, track_name_size); });
}

bool k4a_playback_track_is_builtin(k4a_playback_t playback_handle, const char* track_name) {
  return guarded(__func__, false, [&] {
    return ask(playback_handle, track_name, [](const recording::TrackInfo& track) { return track.built_in; });
  });
}

k4a_result_t k4a_playback_track_get_video_settings(k4a_playback_t playback_handle, const char* track_name,
                                                   k4a_record_video_settings_t* video_settings) {
  return guarded_result(__func__,
                        [&] { return get_video_settings(playback_handle, track_name, video_settings); });
}

k4a_buffer_result_t k4a_playback_track_get_codec_id(k4a_playback_t playback_handle, const char* track_name,
                                                    char* codec_id, size_t* codec_id_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED, [&]() -> Result<k4a_buffer_result_t> {
    GENLOCK_ASSIGN(const Found found, find_track(playback_handle, track_name));
    return give_text(found.track->codec_id, codec_id, codec_id_size);
  });
}

k4a_buffer_result_t k4a_playback_track_get_codec_context(k4a_playback_t playback_handle,
                                                         const char* track_name, uint8_t* codec_context,
                                                         size_t* codec_context_size) {
  return guarded(__func__, K4A_BUFFER_RESULT_FAILED, [&]() -> Result<k4a_buffer_result_t> {
    GENLOCK_ASSIGN(const Found found, find_track(playback_handle, track_name));
    return give_bytes(found.track->codec_private.bytes(), codec_context, codec_context_size);
  });
}

}  // extern "C"
