#include "recording/check_header.h"

#include <fmt/core.h>

#include <algorithm>

#include "mkv/vint.h"
#include "recording/seek_head.h"
#include "recording/segment_scan.h"

namespace genlock::recording {
namespace {

using mkv::FoundElement;
using Code = FindingCode;
using Id = mkv::ElementId;

/// A Void behind the last cluster that is larger was reserved and not given back.
constexpr std::uint64_t kUsualVoid = 4096;

class HeaderCheck {
 public:
  HeaderCheck(mkv::Input& input, const FileContents& contents, const SegmentFacts& facts, Findings& findings)
      : input_(input), contents_(contents), facts_(facts), findings_(findings) {}

  void run(double frame_period) {
    check_segment_size();
    check_info(frame_period);
    check_seek_head();
    check_cues();
    check_checksums();
    check_tail();
  }

 private:
  void check_segment_size() {
    const FoundElement& segment = contents_.segment;
    const std::uint64_t at = segment.offset + 4;
    const std::uint64_t claim = contents_.segment_claim;
    const auto fault = [&](std::string text, std::string_view advice = kRepairIt) {
      findings_.fault(Code::segment_size, at, std::move(text), advice);
    };
    if (segment.unknown_size) return fault("the segment's size is unknown: the recording was not closed");
    if (claim == mkv::kUnknownSize)
      return fault("the segment's size is 0: the stock recorder was stopped before it could fill it in");
    if (claim > input_.size())
      return fault(fmt::format("the segment claims to reach byte {}, but the file has {}: it was cut", claim,
                               input_.size()),
                   "copy the file again if the original is whole");
    if (claim < facts_.end)
      fault(fmt::format("the segment claims to end at byte {}, but its elements reach byte {}", claim,
                        facts_.end));
  }

  void check_info(double frame_period) {
    if (!contents_.has_info)
      return findings_.fault(Code::info, contents_.segment.data,
                             "Info is missing: the recording was not closed", kRepairIt);
    const std::uint64_t at = offset_of(Id::info);
    if (!contents_.duration)
      return findings_.fault(Code::duration, at, "the duration is missing: the recording was not closed",
                             kRepairIt);
    if (*contents_.duration + frame_period < static_cast<double>(facts_.last_time))
      findings_.fault(Code::duration, at,
                      fmt::format("the duration is {:.0f}, but data reach {} (in units of {} ns)",
                                  *contents_.duration, facts_.last_time, contents_.timestamp_scale_ns),
                      kRepairIt);
  }

  std::uint64_t offset_of(Id id) const {
    const auto found = std::ranges::find(facts_.elements, id, &FoundElement::id);
    return found == facts_.elements.end() ? contents_.segment.data : found->offset;
  }

  void check_seek_head() {
    const auto seek_head = std::ranges::find(facts_.elements, Id::seek_head, &FoundElement::id);
    if (seek_head == facts_.elements.end())
      return findings_.note(Code::seek_head, contents_.segment.data, "there is no SeekHead");
    for (const SeekEntry& entry : read_seek_head(input_, *seek_head, contents_.segment.data)) {
      const std::optional<FoundElement> there = mkv::read_element(input_, entry.offset, input_.size());
      if (there && there->id == entry.id) continue;
      const bool in_clusters = entry.offset >= facts_.data_begin && entry.offset < facts_.data_end;
      const bool overwritten = entry.id == Id::cues && in_clusters;
      findings_.fault(
          overwritten ? Code::cues_overwritten : Code::seek_head, seek_head->offset,
          fmt::format("the SeekHead leads to byte {} for {}, but {}", entry.offset, mkv::name_of(entry.id),
                      overwritten                     ? "clusters were written over that"
                      : entry.offset >= input_.size() ? "the file ends before it"
                                                      : "something else stands there"),
          kRepairIt);
    }
  }

  void check_cues() {
    bool any = false;
    for (const FoundElement& element : facts_.elements) {
      if (element.id != Id::cues || element.cut) continue;
      any = true;
      check_cues(element);
    }
    if (any || facts_.clusters == 0) return;
    findings_.fault(Code::cues, contents_.segment.data,
                    "Cues are missing: programs must walk the whole file to find a time in it", kRepairIt);
  }

  void check_cues(const FoundElement& cues) {
    for_each_cue(input_, cues, contents_.segment.data, [&](const FoundElement& point, const CueEntry& cue) {
      const std::optional<FoundElement> there = mkv::read_element(input_, cue.cluster_at, input_.size());
      if (there && there->id == Id::cluster) return;
      findings_.fault(Code::cues, point.offset,
                      fmt::format("a cue points at byte {}, where no cluster begins", cue.cluster_at),
                      kRepairIt);
    });
  }

  void check_checksums() {
    for (const FoundElement& element : facts_.elements)
      if (checksum_of(input_, element) == Checksum::wrong)
        findings_.fault(Code::checksum, element.offset,
                        fmt::format("the CRC-32 of {} is wrong: some of its bytes have changed",
                                    mkv::name_of(element.id)),
                        "compare what genlock info says with what you know of the recording");
  }

  void check_tail() {
    for (const FoundElement& element : facts_.elements) {
      if (element.cut)
        findings_.fault(Code::cut, element.offset,
                        fmt::format("the file ends within {}", mkv::name_of(element.id)), kRepairIt);
      if (element.id == Id::void_ && element.offset >= facts_.data_end && element.size() > kUsualVoid)
        findings_.note(Code::void_tail, element.offset,
                       fmt::format("{} bytes behind the recording are reserved and empty", element.size()));
    }
  }

  mkv::Input& input_;
  const FileContents& contents_;
  const SegmentFacts& facts_;
  Findings& findings_;
};

}  // namespace

void check_header(mkv::Input& input, const FileContents& contents, const SegmentFacts& facts,
                  double frame_period, Findings& findings) {
  HeaderCheck(input, contents, facts, findings).run(frame_period);
}

bool cues_overwritten(mkv::Input& input, const FileContents& contents, const SegmentFacts& facts) {
  const auto seek_head = std::ranges::find(facts.elements, Id::seek_head, &FoundElement::id);
  if (seek_head == facts.elements.end()) return false;
  return std::ranges::any_of(
      read_seek_head(input, *seek_head, contents.segment.data), [&](const SeekEntry& entry) {
        const std::optional<FoundElement> there = mkv::read_element(input, entry.offset, input.size());
        return entry.id == Id::cues && !(there && there->id == Id::cues);
      });
}

}  // namespace genlock::recording
