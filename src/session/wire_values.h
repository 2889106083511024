#pragma once

#include <fmt/core.h>

#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "device/color_control.h"
#include "session/event.h"

// Values of messages (wire.h) in JSON: one overload of put and get for each type, found by argument type. get
// throws std::invalid_argument, or what the parser throws, with what is wrong.

namespace genlock::session::wire {

using Json = nlohmann::ordered_json;

inline void put(Json& json, bool value) {
  json = value;
}
inline void put(Json& json, unsigned value) {
  json = value;
}
inline void put(Json& json, std::uint64_t value) {
  json = value;
}
inline void put(Json& json, std::int32_t value) {
  json = value;
}
inline void put(Json& json, std::int64_t value) {
  json = value;
}
inline void put(Json& json, const std::string& value) {
  json = value;
}
inline void put(Json& json, const std::filesystem::path& value) {
  json = value.string();
}
inline void put(Json& json, DeviceDuration value) {
  json = count_us(value);
}
inline void put(Json& json, DeviceTime value) {
  json = count_us(value);
}
inline void put(Json& json, HostDuration value) {
  json = count_ns(value);
}
inline void put(Json& json, HostTime value) {
  json = count_ns(value);
}
inline void put(Json& json, WallTime value) {
  json = count_ns(value);
}
inline void put(Json& json, const Version& value) {
  json = to_string(value);
}
inline void put(Json& json, FrameRate value) {
  json = fps(value);
}
inline void put(Json& json, FirmwareBuild value) {
  json = value == FirmwareBuild::release ? "release" : "debug";
}
inline void put(Json& json, FirmwareSignature value) {
  json = static_cast<int>(value);
}
inline void put(Json& json, device::ControlMode value) {
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

[[noreturn]] inline void reject(const std::string& what) {
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

inline constexpr std::array kErrorCodes = {
    Errc::invalid,      Errc::not_found, Errc::busy,     Errc::state,   Errc::unsupported,
    Errc::disconnected, Errc::io,        Errc::no_space, Errc::corrupt, Errc::too_late,
    Errc::overflow,     Errc::exists,    Errc::internal};
inline constexpr std::array kEndReasons = {EndReason::length_reached, EndReason::stopped,
                                           EndReason::end_of_replay, EndReason::failed};

inline void get(const Json& json, bool& value) {
  value = json.get<bool>();
}
inline void get(const Json& json, unsigned& value) {
  value = integer<unsigned>(json);
}
inline void get(const Json& json, std::uint64_t& value) {
  value = integer<std::uint64_t>(json);
}
inline void get(const Json& json, std::int32_t& value) {
  value = integer<std::int32_t>(json);
}
inline void get(const Json& json, std::int64_t& value) {
  value = integer<std::int64_t>(json);
}
inline void get(const Json& json, std::string& value) {
  value = json.get<std::string>();
}
inline void get(const Json& json, std::filesystem::path& value) {
  value = json.get<std::string>();
}
inline void get(const Json& json, DeviceDuration& value) {
  value = device_us(integer<std::int64_t>(json));
}
inline void get(const Json& json, DeviceTime& value) {
  value = device_time_us(integer<std::int64_t>(json));
}
inline void get(const Json& json, HostDuration& value) {
  value = HostDuration(integer<std::int64_t>(json));
}
inline void get(const Json& json, HostTime& value) {
  value = HostTime(HostDuration(integer<std::int64_t>(json)));
}
inline void get(const Json& json, WallTime& value) {
  value = WallTime(std::chrono::nanoseconds(integer<std::int64_t>(json)));
}
inline void get(const Json& json, FrameRate& value) {
  value = need(frame_rate_from_fps(integer<int>(json)), json);
}
inline void get(const Json& json, FirmwareBuild& value) {
  value = json.get<std::string>() == "debug" ? FirmwareBuild::debug : FirmwareBuild::release;
}
inline void get(const Json& json, FirmwareSignature& value) {
  const int number = integer<int>(json);
  if (number < 0 || number > 2) reject("signature is 0, 1 or 2");
  value = static_cast<FirmwareSignature>(number);
}
inline void get(const Json& json, device::ControlMode& value) {
  value = json.get<std::string>() == "auto" ? device::ControlMode::automatic : device::ControlMode::manual;
}
inline void get(const Json& json, DepthMode& value) {
  value = need(depth_mode_from(json.get<std::string>()), json);
}
inline void get(const Json& json, ColorResolution& value) {
  value = need(color_resolution_from(json.get<std::string>()), json);
}
inline void get(const Json& json, PixelFormat& value) {
  value = need(pixel_format_from(json.get<std::string>()), json);
}
inline void get(const Json& json, WiredSyncMode& value) {
  value = need(wired_sync_mode_from(json.get<std::string>()), json);
}
inline void get(const Json& json, device::ColorControl& value) {
  value = need(device::color_control_from(json.get<std::string>()), json);
}
inline void get(const Json& json, StreamKind& value) {
  value = need(enum_from(kStreamKinds, json.get<std::string>()), json);
}
inline void get(const Json& json, EndReason& value) {
  value = need(enum_from(kEndReasons, json.get<std::string>()), json);
}
inline void get(const Json& json, Errc& value) {
  value = need(enum_from(kErrorCodes, json.get<std::string>()), json);
}
inline void get(const Json& json, Version& value) {
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

}  // namespace genlock::session::wire
