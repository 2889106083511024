#include "takes/stage.h"

#include <fmt/format.h>

#include "device/sim/bench_config.h"

namespace genlock::test {
namespace {

std::string serial_of(std::size_t unit) {
  return device::sim::simulated_serial(static_cast<int>(unit) + 1);
}

std::string lines_of(const std::vector<std::string>& lines, std::size_t unit) {
  return unit < lines.size() ? lines[unit] : "";
}

std::string cable(const std::string& from, const std::string& to) {
  return fmt::format("[[cable]]\nfrom = \"{}\"\nto = \"{}\"\n", from, to);
}

std::string cables_text(const Stage& stage) {
  std::string text;
  if (stage.wired == Wired::trigger)
    text += "[trigger]\non = false\n" + cable("trigger", unit_name(stage, 0));
  for (std::size_t unit = 1; unit < stage.units; ++unit)
    text += cable(unit_name(stage, stage.wired == Wired::star ? 0 : unit - 1), unit_name(stage, unit));
  return text;
}

std::string hosts_text(const Stage& stage) {
  std::string text;
  for (std::size_t unit = 0; unit < stage.bench_hosts.size(); ++unit)
    text += fmt::format("[[host]]\nname = \"pc{}\"\nunits = [\"{}\"]\n{}", unit, unit_name(stage, unit),
                        stage.bench_hosts[unit]);
  return text;
}

const char* word_of(Wired wired) {
  switch (wired) {
    case Wired::chain:
      return "chain";
    case Wired::star:
      return "star";
    case Wired::trigger:
      return "trigger";
  }
  return "";
}

}  // namespace

std::string unit_name(const Stage& stage, std::size_t unit) {
  return unit == 0 && stage.wired != Wired::trigger ? "master" : fmt::format("sub{}", unit);
}

std::string bench_text(const Stage& stage) {
  std::string text =
      fmt::format("name = \"takes\"\nspeed = {:.1f}\nloop_frames = 2\n{}", stage.speed, stage.bench_lines);
  if (stage.patient) text += fmt::format("clock = \"patient\"\npatience_s = {}\n", stage.patience_s);
  for (std::size_t unit = 0; unit < stage.units; ++unit)
    text +=
        fmt::format("[[unit]]\nname = \"{}\"\nserial = \"{}\"\nimages = \"{}\"\n{}", unit_name(stage, unit),
                    serial_of(unit), stage.images, lines_of(stage.bench_units, unit));
  return text + cables_text(stage) + hosts_text(stage);
}

std::string rig_text(const Stage& stage) {
  std::string text =
      fmt::format("wiring = \"{}\"\n[camera]\n{}{}", word_of(stage.wired), stage.camera, stage.rig_lines);
  for (std::size_t unit = 0; unit < stage.units; ++unit)
    text += fmt::format("[[unit]]\nname = \"{}\"\nserial = \"{}\"\n{}", unit_name(stage, unit),
                        serial_of(unit), lines_of(stage.rig_units, unit));
  return text;
}

}  // namespace genlock::test
