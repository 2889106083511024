#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rig/cabling.h"
#include "rig/examined.h"

// Jacks tell whether a plug is in them, not whether a signal comes (facts device.md 2.5).

namespace genlock::rig {
namespace {

constexpr const char* kId = "sync_jacks";

Check about(const Subject& subject, Outcome outcome, std::string text, std::string remedy) {
  return {kId, outcome, {subject.name}, std::move(text), std::move(remedy)};
}

Checks master_problems(const Subject& master, const SyncJacks& jacks) {
  Checks checks;
  if (jacks.out == false)
    checks.push_back(about(master, Outcome::error,
                           "it is the master and nothing is in its SYNC OUT, so it refuses to start",
                           "plug the cable to the first subordinate into it"));
  if (jacks.in == true)
    checks.push_back(
        about(master, Outcome::error, "it is the master and a plug is in its SYNC IN",
              "pull it out, or put the unit that is cabled as the master first in the rig file"));
  return checks;
}

Checks subordinate_problems(const Subject& subordinate, const SyncJacks& jacks) {
  if (jacks.in != false) return {};
  return {about(subordinate, Outcome::error,
                "it is a subordinate and nothing is in its SYNC IN, so it refuses to start",
                "plug in the cable that comes from the unit before it")};
}

Checks role_problems(const Subject& subject) {
  const SyncJacks& jacks = subject.facts->jacks;
  switch (subject.planned->camera.sync_mode) {
    case WiredSyncMode::master:
      return master_problems(subject, jacks);
    case WiredSyncMode::subordinate:
      return subordinate_problems(subject, jacks);
    case WiredSyncMode::standalone:
      break;
  }
  return {};
}

bool tells_jacks(const Subject& subject) {
  return subject.facts->jacks.in.has_value() && subject.facts->jacks.out.has_value();
}

Check not_told(std::vector<std::string> names) {
  return {kId, Outcome::unknown, std::move(names), "these units do not tell what is in their jacks",
          "look: the master's SYNC OUT leads to the first subordinate's SYNC IN, nothing is in the master's "
          "SYNC IN"};
}

Checks describe_jacks(const Examined& seen) {
  Checks checks;
  std::vector<std::string> silent;
  for (const Subject& subject : seen.subjects) {
    if (!subject.told()) continue;
    if (tells_jacks(subject))
      checks.push_back(about(subject, Outcome::ok, jack_words(subject.facts->jacks), ""));
    else
      silent.push_back(subject.name);
  }
  if (!silent.empty()) checks.push_back(not_told(std::move(silent)));
  return checks;
}

/// What was expected of the plugs, and is so.
std::string fitting_words(const Rig& rig) {
  if (rig.wiring == Wiring::trigger) return "plugs are as they must be: each unit has one in SYNC IN";
  return "plugs are as they must be: the master has one in SYNC OUT and none in SYNC IN, "
         "each subordinate one in SYNC IN";
}

/// Plugs of a chain without loose ends tell its order where only one unit is between master and end, as
/// rig init says too (cabling.h).
std::string order_words(const Examined& seen) {
  const std::size_t units = seen.subjects.size();
  if (units <= 3) return fmt::format("complete, {} units, by the plugs in the order of the rig file", units);
  return fmt::format(
      "complete, {} units; plugs tell the first and the last, not the order of the {} between them", units,
      units - 2);
}

/// Units of a chain before its last one, whose SYNC OUT leads nowhere.
std::vector<std::string> loose_ends(const Examined& seen) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i + 1 < seen.subjects.size(); ++i) {
    const Subject& subject = seen.subjects[i];
    const bool master = subject.planned->camera.sync_mode == WiredSyncMode::master;
    if (!master && subject.told() && subject.facts->jacks.out == false) names.push_back(subject.name);
  }
  return names;
}

}  // namespace

Checks check_jacks(const Examined& seen) {
  if (seen.rig == nullptr) return describe_jacks(seen);
  Checks checks;
  std::vector<std::string> fit, silent;
  for (const Subject& subject : seen.subjects) {
    if (!subject.told()) continue;
    Checks problems = role_problems(subject);
    if (!problems.empty())
      checks.insert(checks.end(), problems.begin(), problems.end());
    else
      (tells_jacks(subject) ? fit : silent).push_back(subject.name);
  }
  if (!silent.empty()) checks.push_back(not_told(std::move(silent)));
  if (!fit.empty()) checks.push_back({kId, Outcome::ok, std::move(fit), fitting_words(*seen.rig), ""});
  return checks;
}

Checks check_chain(const Examined& seen) {
  if (seen.rig == nullptr || seen.rig->wiring != Wiring::chain || seen.subjects.size() < 2) return {};
  const Subject& last = seen.subjects.back();
  const bool tells =
      std::ranges::all_of(seen.subjects, [](const Subject& s) { return s.told() && tells_jacks(s); });
  if (!tells) return {};
  const bool goes_on = last.facts->jacks.out == true;
  const auto loose = loose_ends(seen);
  if (loose.size() == 1 && goes_on)
    return {{"sync_chain",
             Outcome::warning,
             {loose.front(), last.name},
             fmt::format("by the plugs {} is the last of the chain, by the rig file {}", loose.front(),
                         last.name),
             "put the units of the rig file in the order of the cables"}};
  if (!loose.empty())
    return {
        {"sync_chain", Outcome::error, loose,
         "the chain ends here: nothing is in SYNC OUT, and units come after them",
         "plug in the cables to the next ones, or write wiring = \"star\" if a splitter brings the pulse"}};
  if (goes_on)
    return {{"sync_chain",
             Outcome::warning,
             {last.name},
             "it is the last of the rig, and a plug is in its SYNC OUT",
             "pull it out, or add the unit that it leads to"}};
  const auto fits = [](const Subject& subject) { return role_problems(subject).empty(); };
  if (!std::ranges::all_of(seen.subjects, fits)) return {};
  return {
      {"sync_chain",
       Outcome::ok,
       {},
       order_words(seen),
       seen.subjects.size() > 3 ? "look: the cables go from unit to unit in the order of the rig file" : ""}};
}

Checks check_trigger(const Examined& seen) {
  if (seen.rig == nullptr || seen.rig->wiring != Wiring::trigger) return {};
  return {{"trigger",
           Outcome::unknown,
           {},
           "a generator is seen only once it triggers units",
           fmt::format(
               "set it to exactly {} Hz, 5 V, pulses longer than 8 us, and start it when units wait for it",
               fps(seen.rig->rate()))}};
}

}  // namespace genlock::rig
