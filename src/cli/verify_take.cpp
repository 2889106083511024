#include "cli/verify_take.h"

#include <fmt/core.h>
#include <malloc.h>

#include <cerrno>
#include <fstream>

#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/report_html.h"
#include "cli/verify_report.h"
#include "rig/rig.h"
#include "take/judge_files.h"

namespace genlock::cli {
namespace {

/// For the rest of the program: lists of millions of stamps come and go, and what is given back to the kernel
/// has to be cleared by it before the next list has it.
void keep_freed_memory() {
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, 1024 * kMiB);
  mallopt(M_TOP_PAD, 64 * kMiB);
}

/// Areas and wiring by the rig file that the take keeps; nothing where there is none that can be read.
take::JudgeOptions options_of(const take::TakeSource& source) {
  take::JudgeOptions options;
  if (!source.take) return options;
  const auto rig = rig::load_rig(source.folder / take::kRigFile);
  if (!rig) return options;
  for (const rig::RigUnit& unit : rig->units) options.areas[unit.name] = unit.areas;
  options.fed_by = rig::feeders(*rig);
  return options;
}

std::string title_of(const take::TakeSource& source, const take::JudgedTake& judged) {
  if (source.take) return source.take->name;
  std::string title;
  for (const sync::UnitReport& unit : judged.report.units)
    title += (title.empty() ? "" : ", ") + unit.description.name;
  return title;
}

ReportFacts facts_of(const take::TakeSource& source, const take::JudgedTake& judged) {
  ReportFacts facts{.title = title_of(source, judged),
                    .rig = {},
                    .started = {},
                    .advice = {},
                    .forced = false,
                    .files = {}};
  for (const take::JudgedTake::File& file : judged.files)
    facts.files.push_back({judged.report.units[file.unit].description.name, file.path.string(), file.bytes});
  facts.imu = judged.imu;
  if (!source.take) return facts;
  facts.rig = source.take->rig;
  facts.started = source.take->started;
  facts.advice = source.take->advice;
  facts.forced = source.take->forced;
  for (const take::Marker& marker : source.take->markers)
    facts.markers.push_back({marker.pulse, marker.text});
  return facts;
}

Status write_page(const std::filesystem::path& file, const std::string& page) {
  std::ofstream out(file, std::ios::binary);
  out << page << std::flush;
  if (!out) return error_from_errno(errno, fmt::format("writing {}", file.string()));
  return {};
}

/// Exit code 2: no verdict (verify_report.h).
int fail_verify(const Error& error) {
  return fail("genlock verify", error.message(), 2);
}

RecorderWord word_of(const take::TakeSource& source) {
  if (!source.take) return {};
  return {.advice = source.take->advice, .forced = source.take->forced};
}

Result<take::JudgedTake> judge(const take::TakeSource& source, bool imu) {
  ProgressLine line("reading");
  take::JudgeOptions options = options_of(source);
  options.imu = imu;
  options.progress = [&](auto done, auto total) { line.show(done, total); };
  return take::judge_take(source, options);
}

}  // namespace

int verify_take(const VerifyRequest& request) {
  keep_freed_memory();
  const auto source = take::find_take(request.paths);
  if (!source) return fail_verify(source.error());
  const auto judged = judge(*source, request.report.has_value());
  if (!judged) return fail_verify(judged.error());
  const RecorderWord word = word_of(*source);
  fmt::print("{}", request.json ? verify_json(judged->report, word) : verify_text(judged->report, word));
  if (request.report)
    if (const Status written =
            write_page(*request.report, report_html(judged->report, facts_of(*source, *judged)));
        !written)
      return fail_verify(written.error());
  return verify_exit_code(judged->report);
}

}  // namespace genlock::cli
