#include "recording/findings.h"

namespace genlock::recording {
namespace {

bool can_be_repaired(FindingCode code) {
  return code != FindingCode::block_order && code != FindingCode::frame_size &&
         code != FindingCode::configuration && code != FindingCode::no_clusters;
}

}  // namespace

std::string_view to_string(FindingCode code) {
  static constexpr std::array<std::string_view, kFindingCodes> kNames{"segment_size",
                                                                      "info",
                                                                      "duration",
                                                                      "start_offset",
                                                                      "seek_head",
                                                                      "cues",
                                                                      "cues_overwritten",
                                                                      "no_clusters",
                                                                      "cut",
                                                                      "hole",
                                                                      "zeros",
                                                                      "void_tail",
                                                                      "cluster_size",
                                                                      "element_size",
                                                                      "cluster_damage",
                                                                      "checksum",
                                                                      "block_order",
                                                                      "frame_size",
                                                                      "track_tags",
                                                                      "configuration",
                                                                      "index"};
  return kNames[static_cast<std::size_t>(code)];
}

std::string_view to_string(FindingSeverity severity) {
  return severity == FindingSeverity::fault ? "fault" : "note";
}

void Findings::fault(FindingCode code, std::uint64_t offset, std::string text, std::string_view advice) {
  ++faults_;
  if (can_be_repaired(code)) ++repairable_;
  add({code, FindingSeverity::fault, offset, std::move(text), std::string(advice)});
}

void Findings::note(FindingCode code, std::uint64_t offset, std::string text) {
  add({code, FindingSeverity::note, offset, std::move(text), ""});
}

void Findings::advise_no_repair() {
  for (Finding& finding : listed_)
    if (finding.advice == kRepairIt) finding.advice = kNothingLeft;
}

void Findings::add(Finding finding) {
  if (++counts_[static_cast<std::size_t>(finding.code)] <= kMostOfACode)
    listed_.push_back(std::move(finding));
}

}  // namespace genlock::recording
