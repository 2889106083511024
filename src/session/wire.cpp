#include "session/wire.h"

#include <fmt/core.h>

#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace genlock::session {
namespace {

using Json = nlohmann::ordered_json;

// One overload of put and get for each type of member, found by argument type.

void put(Json& json, bool value) {
  json = value;
}
void put(Json& json, unsigned value) {
  json = value;
}
void put(Json& json, std::uint64_t value) {
  json = value;
}
void put(Json& json, std::int32_t value) {
  json = value;
}
void put(Json& json, std::int64_t value) {
  json = value;
}
void put(Json& json, const std::string& value) {
  json = value;
}
void put(Json& json, const std::filesystem::path& value) {
  json = value.string();
}
void put(Json& json, DeviceDuration value) {
  json = count_us(value);
}
void put(Json& json, DeviceTime value) {
  json = count_us(value);
}
void put(Json& json, HostDuration value) {
  json = count_ns(value);
}
void put(Json& json, HostTime value) {
  json = count_ns(value);
}
void put(Json& json, WallTime value) {
  json = count_ns(value);
}
void put(Json& json, const Version& value) {
  json = to_string(value);
}
void put(Json& json, FrameRate value) {
  json = fps(value);
}
void put(Json& json, FirmwareBuild value) {
  json = value == FirmwareBuild::release ? "release" : "debug";
}
void put(Json& json, FirmwareSignature value) {
  json = static_cast<int>(value);
}
void put(Json& json, device::ControlMode value) {
  json = value == device::ControlMode::automatic ? "auto" : "manual";
}
template <class E>
requires std::is_enum_v<E>
void put(Json& json, E value) {
  json = std::string(to_string(value));
}
template <class T>
void put(Json& json, const std::optional<T>& value) {
  json = nullptr;
  if (value) put(json, *value);
}

[[noreturn]] void reject(const std::string& what) {
  throw std::invalid_argument(what);
}

template <class T>
T need(std::optional<T> value, const Json& json) {
  if (!value) reject(json.dump() + " is not known");
  return *value;
}

template <class E, std::size_t N>
std::optional<E> enum_from(const std::array<E, N>& values, const std::string& name) {
  for (E value : values)
    if (to_string(value) == name) return value;
  return std::nullopt;
}

/// Only what T holds: other numbers would come out as one that nobody sent.
template <std::integral T>
T integer(const Json& json) {
  using Limits = std::numeric_limits<T>;
  const auto signed_value = json.get_ptr<const Json::number_integer_t*>();
  const auto unsigned_value = json.get_ptr<const Json::number_unsigned_t*>();
  if (unsigned_value != nullptr && std::in_range<T>(*unsigned_value)) return static_cast<T>(*unsigned_value);
  if (unsigned_value == nullptr && signed_value != nullptr && std::in_range<T>(*signed_value))
    return static_cast<T>(*signed_value);
  reject(fmt::format("{} is not an integer from {} to {}", json.dump(), Limits::min(), Limits::max()));
}

constexpr std::array kErrorCodes = {Errc::invalid,     Errc::not_found,    Errc::busy,     Errc::state,
                                    Errc::unsupported, Errc::disconnected, Errc::io,       Errc::no_space,
                                    Errc::corrupt,     Errc::too_late,     Errc::overflow, Errc::exists,
                                    Errc::internal};
constexpr std::array kEndReasons = {EndReason::length_reached, EndReason::stopped, EndReason::end_of_replay,
                                    EndReason::failed};

void get(const Json& json, bool& value) {
  value = json.get<bool>();
}
void get(const Json& json, unsigned& value) {
  value = integer<unsigned>(json);
}
void get(const Json& json, std::uint64_t& value) {
  value = integer<std::uint64_t>(json);
}
void get(const Json& json, std::int32_t& value) {
  value = integer<std::int32_t>(json);
}
void get(const Json& json, std::int64_t& value) {
  value = integer<std::int64_t>(json);
}
void get(const Json& json, std::string& value) {
  value = json.get<std::string>();
}
void get(const Json& json, std::filesystem::path& value) {
  value = json.get<std::string>();
}
void get(const Json& json, DeviceDuration& value) {
  value = device_us(integer<std::int64_t>(json));
}
void get(const Json& json, DeviceTime& value) {
  value = device_time_us(integer<std::int64_t>(json));
}
void get(const Json& json, HostDuration& value) {
  value = HostDuration(integer<std::int64_t>(json));
}
void get(const Json& json, HostTime& value) {
  value = HostTime(HostDuration(integer<std::int64_t>(json)));
}
void get(const Json& json, WallTime& value) {
  value = WallTime(std::chrono::nanoseconds(integer<std::int64_t>(json)));
}
void get(const Json& json, FrameRate& value) {
  value = need(frame_rate_from_fps(integer<int>(json)), json);
}
void get(const Json& json, FirmwareBuild& value) {
  value = json.get<std::string>() == "debug" ? FirmwareBuild::debug : FirmwareBuild::release;
}
void get(const Json& json, FirmwareSignature& value) {
  const int number = integer<int>(json);
  if (number < 0 || number > 2) reject("signature is 0, 1 or 2");
  value = static_cast<FirmwareSignature>(number);
}
void get(const Json& json, device::ControlMode& value) {
  value = json.get<std::string>() == "auto" ? device::ControlMode::automatic : device::ControlMode::manual;
}
void get(const Json& json, DepthMode& value) {
  value = need(depth_mode_from(json.get<std::string>()), json);
}
void get(const Json& json, ColorResolution& value) {
  value = need(color_resolution_from(json.get<std::string>()), json);
}
void get(const Json& json, PixelFormat& value) {
  value = need(pixel_format_from(json.get<std::string>()), json);
}
void get(const Json& json, WiredSyncMode& value) {
  value = need(wired_sync_mode_from(json.get<std::string>()), json);
}
void get(const Json& json, device::ColorControl& value) {
  value = need(device::color_control_from(json.get<std::string>()), json);
}
void get(const Json& json, StreamKind& value) {
  value = need(enum_from(kStreamKinds, json.get<std::string>()), json);
}
void get(const Json& json, EndReason& value) {
  value = need(enum_from(kEndReasons, json.get<std::string>()), json);
}
void get(const Json& json, Errc& value) {
  value = need(enum_from(kErrorCodes, json.get<std::string>()), json);
}
void get(const Json& json, Version& value) {
  auto parsed = parse_version(json.get<std::string>());
  if (!parsed) reject(parsed.error().message());
  value = *parsed;
}
template <class T>
void get(const Json& json, std::optional<T>& value) {
  value.reset();
  if (json.is_null()) return;
  get(json, value.emplace());
}

/// Visits the members of a struct with their keys: the same list writes and reads.
struct Put {
  Json& json;
  template <class T>
  void operator()(const char* key, const T& member);
};
struct Get {
  const Json& json;
  template <class T>
  void operator()(const char* key, T& member);
};

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

template <class T>
concept HasMembers = requires(Put p, const T& t) {
  members(p, t);
};

template <HasMembers T>
void put(Json& json, const T& value) {
  json = Json::object();
  members(Put{json}, value);
}
template <HasMembers T>
void get(const Json& json, T& value) {
  members(Get{json}, value);
}
template <class T>
void put(Json& json, const std::vector<T>& values) {
  json = Json::array();
  for (const T& value : values) put(json.emplace_back(), value);
}
template <class T>
void get(const Json& json, std::vector<T>& values) {
  if (!json.is_array()) reject("not a list: " + json.dump());
  for (const Json& item : json) get(item, values.emplace_back());
}

template <class T>
void Put::operator()(const char* key, const T& member) {
  put(json[key], member);
}
template <class T>
void Get::operator()(const char* key, T& member) {
  get(json.at(key), member);
}

constexpr std::array kCommandNames = {"open",   "set_controls", "configure",      "record", "begin_at",
                                      "end_at", "start",        "stop_recording", "close"};
constexpr std::array kEventNames = {"opened",    "started",           "waiting", "rearmed",
                                    "streaming", "recording_started", "frames",  "progress",
                                    "warning",   "recording_ended"};
constexpr std::array kReplyNames = {"done", "failed", "alive"};
static_assert(kReplyNames.size() == std::variant_size_v<Reply>);
static_assert(kCommandNames.size() == std::variant_size_v<Command>);
static_assert(kEventNames.size() == std::variant_size_v<Event>);

template <class Variant, std::size_t N>
std::string line(const char* kind, const std::array<const char*, N>& names, const Variant& message) {
  Json json = Json::object();
  json[kind] = names[message.index()];
  std::visit([&json](const auto& m) { members(Put{json}, m); }, message);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Variant, std::size_t N, std::size_t I = 0>
Variant parse(const Json& json, const std::string& name, const std::array<const char*, N>& names) {
  if constexpr (I == N) {
    reject("unknown kind \"" + name + "\"");
  } else {
    if (name != names[I]) return parse<Variant, N, I + 1>(json, name, names);
    std::variant_alternative_t<I, Variant> message;
    get(json, message);
    return message;
  }
}

template <class Variant, std::size_t N>
Result<Variant> read(const char* kind, const std::array<const char*, N>& names, std::string_view text) {
  try {
    const Json json = Json::parse(text);
    return parse<Variant>(json, json.at(kind).get<std::string>(), names);
  } catch (const std::exception& e) {
    return Error(Errc::corrupt, fmt::format("not a valid {}: {}", kind, e.what()));
  }
}

}  // namespace

std::string to_json(const Command& command) {
  return line("command", kCommandNames, command);
}
std::string to_json(const Event& event) {
  return line("event", kEventNames, event);
}
std::string to_json(const Message& message) {
  if (const auto* event = std::get_if<Event>(&message)) return to_json(*event);
  return line("reply", kReplyNames, std::get<Reply>(message));
}
Result<Command> command_from_json(std::string_view text) {
  return read<Command>("command", kCommandNames, text);
}
Result<Event> event_from_json(std::string_view text) {
  return read<Event>("event", kEventNames, text);
}
Result<Message> message_from_json(std::string_view text) {
  if (auto event = read<Event>("event", kEventNames, text)) return Message(*std::move(event));
  auto reply = read<Reply>("reply", kReplyNames, text);
  if (!reply) return reply.error();
  return Message(*std::move(reply));
}

}  // namespace genlock::session
