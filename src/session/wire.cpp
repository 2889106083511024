#include "session/wire.h"

#include <fmt/core.h>

#include "session/wire_members.h"
#include "session/wire_values.h"

namespace genlock::session {
namespace {

using wire::get;
using wire::Json;
using wire::members;
using wire::put;
using wire::reject;

/// Visitors of members.
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
