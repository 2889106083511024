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
    "UNIT fault KIND [KEY=VALUE...] on|off  a fault begins or happens; one that lasts ends\n"
    "trigger on|off                         the external pulse generator\n";

/// What a kind may be given, as the help shows it.
std::string knobs_of(const FaultTraits& kind) {
  std::string keys;
  if (kind.kind == FaultKind::cable) keys += " jack=in|out";
  if (!kind.touches.none()) keys += fmt::format(" streams={}", to_string(kind.touches));
  if (kind.counts) keys += " count=1";
  if (!kind.knob.key.empty()) keys += fmt::format(" {}={}", kind.knob.key, kind.knob.usual);
  return keys;
}

std::string make_help() {
  std::string help(kHelp);
  help += "kinds of faults, with the values they may be given and, for numbers, the usual one:\n";
  for (const FaultTraits& kind : fault_table())
    help += fmt::format("  {:<36} {}\n", fmt::format("{}{}", kind.name, knobs_of(kind)),
                        fmt::format("{}{}", kind.what, kind.lasts ? "" : "; once"));
  return help;
}

Error wrong(std::string_view what) {
  return Error(Errc::invalid, fmt::format("{}; what can be set:\n{}", what, bench_command_help()));
}

Result<bool> choose(std::string_view word, std::string_view yes, std::string_view no) {
  if (word == yes) return true;
  if (word == no) return false;
  return wrong(fmt::format("\"{}\" must be {} or {}", word, yes, no));
}

Result<Streams> parse_streams(std::string_view text) {
  if (const auto streams = streams_from(text)) return *streams;
  return wrong(fmt::format("\"{}\" must be streams such as color,depth", text));
}

Result<std::int32_t> parse_number(std::string_view text, std::int32_t least, std::int32_t most) {
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    return wrong(fmt::format("\"{}\" must be a number from {} to {}", text, least, most));
  return number;
}

Result<std::int32_t> parse_count(std::string_view text) {
  constexpr std::int32_t kMostFrames = 1'000'000;
  return parse_number(text, 1, kMostFrames);
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

/// KEY=VALUE; a bare value is the kind's number, else its count, else its streams.
Status read_value(BenchCommand& command, const FaultTraits& kind, std::string_view word) {
  const std::size_t equals = word.find('=');
  const std::string_view value = equals == word.npos ? word : word.substr(equals + 1);
  std::string_view key = word.substr(0, equals);
  if (equals == word.npos) key = !kind.knob.key.empty() ? kind.knob.key : kind.counts ? "count" : "streams";
  if (key == kind.knob.key && !key.empty()) {
    GENLOCK_ASSIGN(command.knob, parse_number(value, kind.knob.least, kind.knob.most));
  } else if (key == "count" && kind.counts) {
    GENLOCK_ASSIGN(command.count, parse_count(value));
  } else if (key == "streams" && !kind.touches.none()) {
    GENLOCK_ASSIGN(command.streams, parse_streams(value));
    if (!within(command.streams, kind.touches))
      return wrong(fmt::format("{} touches {} only", kind.name, to_string(kind.touches)));
  } else if (key == "jack" && kind.kind == FaultKind::cable) {
    GENLOCK_ASSIGN(const bool in, choose(value, "in", "out"));
    command.jack = in ? Jack::in : Jack::out;
  } else {
    return wrong(fmt::format("\"{}\" does not apply to {}", word, kind.name));
  }
  return {};
}

/// KIND [KEY=VALUE...] on|off
Result<BenchCommand> parse_fault(BenchCommand command, std::span<const std::string> words) {
  const auto kind = fault_kind_from(words.front());
  if (!kind) return wrong(fmt::format("\"{}\" is no kind of fault", words.front()));
  command.kind = BenchCommand::Kind::fault;
  command.failure = *kind;
  for (const std::string& word : words.subspan(1, words.size() - 2))
    GENLOCK_TRY(read_value(command, traits(*kind), word));
  GENLOCK_ASSIGN(command.on, choose(words.back(), "on", "off"));
  if (!command.on && !traits(*kind).lasts)
    return wrong(fmt::format("{} happens and is over: it cannot be taken back", words.front()));
  return command;
}

}  // namespace

std::string_view bench_command_help() {
  static const std::string kText = make_help();
  return kText;
}

Result<BenchCommand> parse_bench_command(std::span<const std::string> words) {
  BenchCommand command;
  if (words.size() == 2 && words[0] == "trigger") {
    command.kind = BenchCommand::Kind::trigger;
    GENLOCK_ASSIGN(command.on, choose(words[1], "on", "off"));
    return command;
  }
  if (words.size() < 3) return wrong("too few words");
  command.unit = words[0];
  if (words[1] == "fault") {
    if (words.size() < 4) return wrong("a fault needs its kind, and on or off");
    return parse_fault(std::move(command), words.subspan(2));
  }
  if (words.size() > 4) return wrong("too many words");
  if (words.size() == 3) return parse_two_words(std::move(command), words[1], words[2]);
  return parse_three_words(std::move(command), words.subspan(1));
}

}  // namespace genlock::device::sim
