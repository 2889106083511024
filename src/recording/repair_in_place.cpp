#include <fmt/core.h>

#include <algorithm>

#include "recording/in_place_header.h"
#include "recording/repair_parts.h"
#include "recording/repair_work.h"

namespace genlock::recording {
namespace {

/// In steps of which each leaves what readers need: old elements last until the head of the new ones is
/// written, in one small piece.
Status replace(ByteSink& file, const Region& region) {
  const ByteSpan bytes = region.bytes;
  const std::size_t head = std::min(kMasterHead, bytes.size());
  if (region.free) {
    GENLOCK_TRY(file.write_at(region.from, void_head(bytes.size())));
    GENLOCK_TRY(file.sync());
  }
  GENLOCK_TRY(file.write_at(region.from + head, bytes.subspan(head)));
  GENLOCK_TRY(file.sync());
  GENLOCK_TRY(file.write_at(region.from, bytes.first(head)));
  return file.sync();
}

Status apply(ByteSink& file, const InPlaceClusters& clusters, const InPlaceHeader& header) {
  if (clusters.end() < file.size()) GENLOCK_TRY(file.truncate(clusters.end()));
  for (const Patch& patch : clusters.patches()) GENLOCK_TRY(file.write_at(patch.offset, patch.bytes));
  GENLOCK_TRY(file.append(header.tail()));
  GENLOCK_TRY(file.sync());
  for (const Region& region : header.regions()) GENLOCK_TRY(replace(file, region));
  for (const Patch& patch : header.last()) {
    GENLOCK_TRY(file.write_at(patch.offset, patch.bytes));
    GENLOCK_TRY(file.sync());
  }
  return {};
}

Error impossible(const std::string& why) {
  return Error(Errc::unsupported, "cannot be repaired in place: " + why +
                                      "; nothing was changed: let genlock repair write another file");
}

Result<RepairReport> mend(const DamagedFile& file, ByteSink& same_file) {
  InPlaceClusters clusters(file);
  SegmentScan scan(*file.input, file.contents, {});
  while (const std::optional<ScannedItem> item = scan.next()) clusters.add(*item);
  clusters.finish();
  if (clusters.obstacle())
    return impossible(
        fmt::format("the damage at byte {} has no room for what hides it", *clusters.obstacle()));
  const InPlaceHeader header(file, clusters);
  if (!header.obstacle().empty()) return impossible(header.obstacle());
  GENLOCK_TRY(file.input->status());  // nothing was planned on bytes that could not be read
  if (!header.tail().empty()) GENLOCK_TRY(same_file.reserve(header.tail().size()));
  GENLOCK_TRY(
      apply(same_file, clusters, header)
          .context(
              "the repair is not complete; the file is as readable as before, and can be repaired again"));
  RepairReport report = std::move(clusters.report());
  report.changed = true;
  report.file_bytes = header.end();
  return report;
}

}  // namespace

Result<RepairReport> repair_in_place(const ByteSource& source, ByteSink& same_file,
                                     const RepairOptions& options) {
  GENLOCK_ASSIGN(DamagedFile file, open_damaged(source, options.progress, 2));
  GENLOCK_TRY(check_damaged(file));
  RepairReport report = report_sound(file);
  if (file.checked.report.findings.repairable() > 0) {
    GENLOCK_ASSIGN(report, mend(file, same_file));
  }
  describe(file, report);
  return report;
}

}  // namespace genlock::recording
