#pragma once

#include <type_traits>

#include "session/wire.h"

// What members each message has (wire.h) and what they are called: the same list writes and reads. `f` is
// called with each name and member.

namespace genlock::session::wire {

template <class V, class S>
concept Is = std::is_same_v<std::remove_const_t<V>, S>;

template <class F>
void members(F&& f, Is<OpenUnit> auto& s) {
  f("index", s.index);
  f("serial", s.serial);
}
template <class F>
void members(F&& f, Is<device::ControlValue> auto& s) {
  f("mode", s.mode);
  f("value", s.value);
}
template <class F>
void members(F&& f, Is<SetControls::Setting> auto& s) {
  f("control", s.control);
  f("value", s.value);
}
template <class F>
void members(F&& f, Is<SetControls> auto& s) {
  f("settings", s.settings);
}
template <class F>
void members(F&& f, Is<CameraConfig> auto& s) {
  f("color_format", s.color_format);
  f("color_resolution", s.color_resolution);
  f("depth_mode", s.depth_mode);
  f("fps", s.rate);
  f("synchronized_images_only", s.synchronized_images_only);
  f("depth_delay_us", s.depth_delay_off_color);
  f("sync_mode", s.sync_mode);
  f("delay_off_master_us", s.delay_off_master);
  f("disable_streaming_indicator", s.disable_streaming_indicator);
}
template <class F>
void members(F&& f, Is<Configure> auto& s) {
  f("camera", s.camera);
  f("imu", s.imu);
}
template <class F>
void members(F&& f, Is<Record> auto& s) {
  f("file", s.file);
  f("overwrite", s.overwrite);
  f("from_us", s.from);
  f("length_us", s.length);
  f("until_us", s.until);
  f("split_bytes", s.split_bytes);
  f("split_length_us", s.split_length);
  f("cluster_crc", s.cluster_crc);
  f("tags", s.tags);
  f("by_pulses", s.by_pulses);
}
template <class F>
void members(F&& f, Is<Tag> auto& s) {
  f("name", s.name);
  f("value", s.value);
}
template <class F>
void members(F&& f, Is<BeginAt> auto& s) {
  f("first", s.first);
  f("last", s.last);
  f("shift", s.shift);
}
template <class F>
void members(F&& f, Is<EndAt> auto& s) {
  f("last", s.last);
}
template <class F>
void members(F&&, Is<Start> auto&) {}
template <class F>
void members(F&&, Is<StopRecording> auto&) {}
template <class F>
void members(F&&, Is<Close> auto&) {}
template <class F>
void members(F&& f, Is<HardwareVersion> auto& s) {
  f("color", s.color);
  f("depth", s.depth);
  f("audio", s.audio);
  f("depth_sensor", s.depth_sensor);
  f("build", s.build);
  f("signature", s.signature);
}
template <class F>
void members(F&& f, Is<HostIdentity> auto& s) {
  f("name", s.name);
  f("boot_id", s.boot_id);
}
template <class F>
void members(F&& f, Is<Opened> auto& s) {
  f("serial", s.serial);
  f("version", s.version);
  f("backend", s.backend);
  f("simulated", s.simulated);
  f("host", s.host);
}
template <class F>
void members(F&& f, Is<Started> auto& s) {
  f("sync_mode", s.sync_mode);
}
template <class F>
void members(F&& f, Is<Waiting> auto& s) {
  f("waited_ns", s.waited);
  f("remaining_ns", s.remaining);
}
template <class F>
void members(F&& f, Is<Rearmed> auto& s) {
  f("waited_ns", s.waited);
}
template <class F>
void members(F&& f, Is<Streaming> auto& s) {
  f("pulse", s.pulse);
  f("stamp_us", s.stamp);
  f("host_ns", s.host);
}
template <class F>
void members(F&& f, Is<Frames::Frame> auto& s) {
  f("stream", s.stream);
  f("stamp_us", s.stamp);
  f("host_ns", s.host);
  f("exposure_us", s.exposure);
  f("pulse", s.pulse);
}
template <class F>
void members(F&& f, Is<HostPair> auto& s) {
  f("stamp_us", s.device);
  f("host_ns", s.monotonic);
  f("utc_ns", s.utc);
}
template <class F>
void members(F&& f, Is<SyncJacks> auto& s) {
  f("in", s.in);
  f("out", s.out);
}
template <class F>
void members(F&& f, Is<JackObservation> auto& s) {
  f("stamp_us", s.device);
  f("jacks", s.jacks);
}
template <class F>
void members(F&& f, Is<Frames> auto& s) {
  f("frames", s.frames);
  f("host_pairs", s.host_pairs);
  f("jacks", s.jacks);
}
template <class F>
void members(F&& f, Is<RecordingStarted> auto& s) {
  f("file", s.file);
  f("first_us", s.first);
  f("write_method", s.write_method);
}
template <class F>
void members(F&& f, Is<StreamCount> auto& s) {
  f("stream", s.stream);
  f("recorded", s.recorded);
  f("missing", s.missing);
  f("refused", s.refused);
}
template <class F>
void members(F&& f, Is<Gap> auto& s) {
  f("stream", s.stream);
  f("after_us", s.after);
  f("frames", s.frames);
}
template <class F>
void members(F&& f, Is<Progress> auto& s) {
  f("recorded_us", s.recorded);
  f("streams", s.streams);
  f("bytes_on_disk", s.bytes_on_disk);
  f("bytes_queued", s.bytes_queued);
}
template <class F>
void members(F&& f, Is<Warning> auto& s) {
  f("text", s.text);
}
template <class F>
void members(F&& f, Is<RecordingEnded> auto& s) {
  f("reason", s.reason);
  f("error", s.error);
  f("unit_lost", s.unit_lost);
  f("file", s.file);
  f("more_files", s.more_files);
  f("recorded_us", s.recorded);
  f("streams", s.streams);
  f("gaps", s.gaps);
  f("captures_dropped", s.captures_dropped);
  f("file_bytes", s.file_bytes);
}

template <class F>
void members(F&&, Is<Done> auto&) {}
template <class F>
void members(F&& f, Is<Failed> auto& s) {
  f("code", s.code);
  f("error", s.error);
}
template <class F>
void members(F&&, Is<Alive> auto&) {}

}  // namespace genlock::session::wire
