#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/take_console.h"
#include "session/wire.h"

namespace genlock::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json micros_json(const std::optional<sync::Micros>& value) {
  return value ? Json(value->count()) : Json(nullptr);
}

/// One overload an event: the object's keys.
struct Keys {
  const rig::Rig& rig;

  Json unit(std::size_t index) const { return rig.units[index].name; }

  Json operator()(const rig::UnitTold&) const { return {}; }  // is not made here
  Json operator()(const rig::UnitRefused& e) const {
    return {{"event", "unit_refused"}, {"unit", unit(e.unit)}, {"why", e.why}};
  }
  Json operator()(const rig::Armed& e) const { return {{"event", "armed"}, {"unit", unit(e.unit)}}; }
  Json operator()(const rig::TriggerMayStart&) const { return {{"event", "trigger_may_start"}}; }
  Json operator()(const rig::StartsAnew& e) const { return {{"event", "starts_anew"}, {"why", e.why}}; }
  Json operator()(const rig::TakeBegins& e) const {
    return {{"event", "take_begins"}, {"first_pulse", e.first}, {"last_pulse", optional_json(e.last)}};
  }
  Json operator()(const rig::TakeEnds& e) const {
    return {{"event", "take_ends"}, {"last_pulse", optional_json(e.last)}};
  }
  Json operator()(const rig::Offsets& e) const {
    Json units = Json::array();
    for (const sync::LiveOffset& offset : e.units)
      units.push_back({{"unit", unit(offset.unit)},
                       {"fps", offset.fps},
                       {"silent", offset.silent},
                       {"apart_us", micros_json(offset.apart)},
                       {"error_us", micros_json(offset.error)}});
    return {{"event", "offsets"}, {"units", units}};
  }
  Json operator()(const take::Marker& e) const {
    return {{"event", "marker"}, {"pulse", e.pulse}, {"utc_ns", count_ns(e.utc)}, {"text", e.text}};
  }
  Json operator()(const take::Incident& e) const {
    return {{"event", "incident"},
            {"unit", e.unit ? unit(*e.unit) : Json(nullptr)},
            {"pulse", optional_json(e.pulse)},
            {"utc_ns", count_ns(e.utc)},
            {"severity", e.severity},
            {"text", e.text}};
  }
};

/// Every frame of every unit is no news to whoever follows a take.
bool is_too_much(const session::Event& event) {
  return std::holds_alternative<session::Frames>(event);
}

}  // namespace

std::string take_event_json(const rig::Rig& rig, const rig::TakeEvent& event) {
  const auto* told = std::get_if<rig::UnitTold>(&event);
  if (told == nullptr) return dumped(std::visit(Keys{rig}, event)) + "\n";
  if (is_too_much(told->event)) return "";
  return fmt::format("{{\"unit\":{},{}\n", dumped(rig.units[told->unit].name),
                     session::to_json(told->event).substr(1));
}

std::string verdict_json(const std::filesystem::path& folder, const take::Take& take) {
  return dumped({{"event", "verdict"}, {"advice", take.advice}, {"folder", folder.string()}}) + "\n";
}

std::string rehearsal_json(const std::string& advice) {
  return dumped({{"event", "verdict"}, {"advice", advice}, {"folder", nullptr}}) + "\n";
}

std::string rearming_json(std::optional<HostDuration> left) {
  std::optional<double> left_s;
  if (left) left_s = std::chrono::duration<double>(*left).count();
  return dumped({{"event", "rearming"}, {"left_s", optional_json(left_s)}}) + "\n";
}

std::string failure_json(const Error& error) {
  return dumped({{"event", "failed"}, {"why", error.message()}}) + "\n";
}

}  // namespace genlock::cli
