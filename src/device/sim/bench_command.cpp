#include <fmt/format.h>

#include <charconv>

#include "device/sim/bench.h"

namespace genlock::device::sim {
namespace {

constexpr std::string_view kHelp =
    "UNIT cable-in|cable-out pull|plug      take the sync cable out of a jack, put it back\n"
    "UNIT stall STREAMS on|off              the streams (color,depth,imu) deliver nothing\n"
    "UNIT drop color|depth|color,depth N    the next N frames are lost\n"
    "UNIT usb unplug|replug                 the unit is lost; it is back\n"
    "UNIT open refuse|allow                 opening the unit fails\n"
    "trigger on|off                         the external pulse generator\n";

Error wrong(std::string_view what) {
  return Error(Errc::invalid, fmt::format("{}; what can be set:\n{}", what, kHelp));
}

Result<bool> choose(std::string_view word, std::string_view yes, std::string_view no) {
  if (word == yes) return true;
  if (word == no) return false;
  return wrong(fmt::format("\"{}\" must be {} or {}", word, yes, no));
}

Result<Streams> parse_streams(std::string_view text) {
  Streams streams;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    if (name == "color") {
      streams.color = true;
    } else if (name == "depth") {
      streams.depth = true;
    } else if (name == "imu") {
      streams.imu = true;
    } else {
      return wrong(fmt::format("\"{}\" is no stream", name));
    }
  }
  return streams;
}

Result<int> parse_count(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1) {
    return wrong(fmt::format("\"{}\" must be a number of frames", text));
  }
  return count;
}

Result<BenchCommand> parse_two_words(BenchCommand command, std::string_view what, std::string_view value) {
  if (what == "cable-in" || what == "cable-out") {
    command.kind = BenchCommand::Kind::jack;
    command.jack = what == "cable-in" ? Jack::in : Jack::out;
    GENLOCK_ASSIGN(command.on, choose(value, "plug", "pull"));
  } else if (what == "usb") {
    command.kind = BenchCommand::Kind::power;
    GENLOCK_ASSIGN(command.on, choose(value, "replug", "unplug"));
  } else if (what == "open") {
    command.kind = BenchCommand::Kind::refuse_open;
    GENLOCK_ASSIGN(command.on, choose(value, "refuse", "allow"));
  } else {
    return wrong(fmt::format("\"{}\" cannot be set like this", what));
  }
  return command;
}

Result<BenchCommand> parse_three_words(BenchCommand command, std::span<const std::string> words) {
  GENLOCK_ASSIGN(command.streams, parse_streams(words[1]));
  if (words[0] == "stall") {
    command.kind = BenchCommand::Kind::stall;
    GENLOCK_ASSIGN(command.on, choose(words[2], "on", "off"));
  } else if (words[0] == "drop") {
    command.kind = BenchCommand::Kind::drop;
    if (command.streams.imu) return wrong("only frames of color and depth can be dropped");
    GENLOCK_ASSIGN(command.count, parse_count(words[2]));
  } else {
    return wrong(fmt::format("\"{}\" cannot be set like this", words[0]));
  }
  return command;
}

}  // namespace

std::string_view bench_command_help() {
  return kHelp;
}

Result<BenchCommand> parse_bench_command(std::span<const std::string> words) {
  BenchCommand command;
  if (words.size() == 2 && words[0] == "trigger") {
    command.kind = BenchCommand::Kind::trigger;
    GENLOCK_ASSIGN(command.on, choose(words[1], "on", "off"));
    return command;
  }
  if (words.size() < 3 || words.size() > 4) return wrong("wrong number of words");
  command.unit = words[0];
  if (words.size() == 3) return parse_two_words(std::move(command), words[1], words[2]);
  return parse_three_words(std::move(command), words.subspan(1));
}

}  // namespace genlock::device::sim
