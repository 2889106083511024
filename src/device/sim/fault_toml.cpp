#include "device/sim/fault_toml.h"

namespace genlock::device::sim {
namespace {

using config::TableReader;

constexpr HostDuration kSecond = std::chrono::seconds(1);

std::string all_kinds() {
  std::vector<std::string> names;
  for (const FaultTraits& kind : fault_table()) names.push_back(fmt::format("\"{}\"", kind.name));
  return fmt::format("{}", fmt::join(names, " or "));
}

Status read_streams(TableReader& table, const FaultTraits& kind, Streams& streams) {
  if (!table.has("streams")) return {};
  std::vector<std::string> names;
  GENLOCK_TRY(table.read_texts("streams", names));
  const auto read = streams_from(fmt::format("{}", fmt::join(names, ",")));
  if (!read || !within(*read, kind.touches))
    return table.wrong("streams", fmt::format("a list of {}", to_string(kind.touches)));
  streams = *read;
  return {};
}

/// Refuses keys that a fault of that kind does not have, knobs of other kinds among them.
Status refuse_other_keys(TableReader& table, const FaultTraits& kind) {
  const auto refuse = [&](std::string_view key, bool applies) -> Status {
    if (applies || !table.has(key)) return {};
    return table.wrong(key, fmt::format("left out: it does not apply to kind \"{}\"", kind.name));
  };
  GENLOCK_TRY(refuse("jack", kind.kind == FaultKind::cable));
  GENLOCK_TRY(refuse("streams", !kind.touches.none()));
  GENLOCK_TRY(refuse("count", kind.counts));
  GENLOCK_TRY(refuse("duration_s", kind.lasts));
  for (const FaultTraits& other : fault_table())
    if (!other.knob.key.empty()) GENLOCK_TRY(refuse(other.knob.key, other.knob.key == kind.knob.key));
  return {};
}

Status read_time(TableReader& table, FaultConfig& fault) {
  fault.after_start = table.has("after_start_s");
  if (fault.after_start && table.has("at_s")) {
    return table.wrong(
        "at_s", "left out beside after_start_s: one counts from the bench's boot, the other from the start");
  }
  GENLOCK_TRY(table.read("at_s", fault.at, kSecond));
  GENLOCK_TRY(table.read("after_start_s", fault.at, kSecond));
  if (table.has("duration_s")) GENLOCK_TRY(table.read("duration_s", fault.duration.emplace(), kSecond));
  return {};
}

}  // namespace

Status read_fault(TableReader& table, FaultConfig& fault) {
  for (const std::string_view key : {"unit", "kind"})
    if (!table.has(key)) return table.missing(key);
  GENLOCK_TRY(table.read("unit", fault.unit));
  std::string name;
  GENLOCK_TRY(table.read("kind", name));
  const auto kind = fault_kind_from(name);
  if (!kind) return table.wrong("kind", all_kinds());
  fault.kind = *kind;
  GENLOCK_TRY(refuse_other_keys(table, traits(*kind)));
  GENLOCK_TRY(read_streams(table, traits(*kind), fault.streams));
  constexpr std::pair<std::string_view, Jack> kJacks[] = {{"in", Jack::in}, {"out", Jack::out}};
  GENLOCK_TRY(
      table.read_choice("jack", fault.jack, std::span<const std::pair<std::string_view, Jack>>(kJacks)));
  const FaultKnob& knob = traits(*kind).knob;
  if (!knob.key.empty() && table.has(knob.key))
    GENLOCK_TRY(table.read_within(knob.key, fault.knob.emplace(), knob.least, knob.most));
  GENLOCK_TRY(read_time(table, fault));
  return table.read("count", fault.count);
}

Status read_random_fault(TableReader& table, RandomFaultConfig& random) {
  if (!table.has("kinds")) return table.missing("kinds");
  GENLOCK_TRY(table.read_texts("units", random.units));
  std::vector<std::string> names;
  GENLOCK_TRY(table.read_texts("kinds", names));
  for (const std::string& name : names) {
    const auto kind = fault_kind_from(name);
    if (!kind) return table.wrong("kinds", "a list of " + all_kinds());
    random.kinds.push_back(*kind);
  }
  GENLOCK_TRY(table.read("mean_interval_s", random.mean_interval, kSecond));
  GENLOCK_TRY(table.read("first_s", random.first, kSecond));
  GENLOCK_TRY(table.read("until_s", random.until, kSecond));
  std::array<double, 2> seconds{static_cast<double>(random.duration[0].count()) / 1e9,
                                static_cast<double>(random.duration[1].count()) / 1e9};
  GENLOCK_TRY(table.read_array("duration_s", seconds));
  for (std::size_t i = 0; i < 2; ++i)
    random.duration[i] = HostDuration(std::llround(std::clamp(seconds[i], -1e6, 1e6) * 1e9));
  return {};
}

}  // namespace genlock::device::sim
