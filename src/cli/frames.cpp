#include "cli/frames.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/text.h"
#include "session/output_file.h"

namespace genlock::cli {
namespace {

using take::FrameSets;
using take::kImageTracks;
using take::SetUnit;
using take::track_name;

Status print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return {};
  return error_from_errno(errno, "writing to standard output");
}

Result<SetTally> write(const FramesRequest& request, const FrameSets& sets, const TextSink& out) {
  return request.json ? write_frames_json(sets, out) : write_frames_csv(sets, out);
}

Result<SetTally> write_to_file(const FramesRequest& request, const FrameSets& sets) {
  GENLOCK_ASSIGN(session::OutputFile file, session::OutputFile::create(request.out, request.force));
  const auto sink = file.take_sink();
  GENLOCK_ASSIGN(SetTally tally, write(request, sets, [&](std::string_view text) {
                   return sink->append(std::as_bytes(std::span(text.data(), text.size())));
                 }));
  GENLOCK_TRY(sink->sync());
  GENLOCK_TRY(file.keep());
  return tally;
}

/// What is not as it should be with one unit, a line each.
std::string unit_summary(const SetUnit& unit, const std::array<std::uint64_t, kImageTracks>& missing) {
  std::string text;
  for (std::size_t t = 0; t < kImageTracks; ++t) {
    if (missing[t] > 0)
      text += fmt::format("  {}: {} of {} missing\n", unit.name, counted(missing[t], "frame"), track_name(t));
    if (unit.tracks[t].apart > 0)
      text += fmt::format("  {}: {} of {} in no set: of no pulse, or the second of one\n", unit.name,
                          counted(unit.tracks[t].apart, "frame"), track_name(t));
  }
  if (unit.renumbered > 0)
    text += fmt::format("  {}: the file gives {} another pulse than their stamps do; the stamps count\n",
                        unit.name, counted(unit.renumbered, "frame"));
  return text;
}

}  // namespace

std::string frames_summary(const FrameSets& sets, const SetTally& tally) {
  std::string text =
      fmt::format("{}, pulses {} to {}: {} complete\n", counted(tally.sets, "set"),
                  sets.pulse_of(std::uint64_t{0}), sets.pulse_of(sets.size() - 1), tally.complete);
  for (std::size_t u = 0; u < sets.units().size(); ++u)
    text += unit_summary(sets.units()[u], tally.missing[u]);
  for (const std::string& note : sets.notes()) text += fmt::format("  {}\n", note);
  if (sets.report().verdict != sync::Verdict::in_sync) text += "  NOT IN SYNC: `genlock verify` says why\n";
  return text;
}

int list_frames(const FramesRequest& request) {
  const auto range = request.all ? take::SetRange::all : take::SetRange::common;
  const Result<FrameSets> sets = FrameSets::open(request.given, range);
  const Result<SetTally> tally = !sets                 ? Result<SetTally>(sets.error())
                                 : request.out.empty() ? write(request, *sets, print)
                                                       : write_to_file(request, *sets);
  if (!tally) return fail("genlock frames", tally.error().message());
  fmt::print(stderr, "{}", frames_summary(*sets, *tally));
  return kDone;
}

}  // namespace genlock::cli
