#include "recording/survey.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "mkv/vint.h"
#include "recording/cluster_reader.h"
#include "recording/index_reader.h"
#include "recording/listing.h"
#include "recording/track_items.h"

namespace genlock::recording {
namespace {

/// The frame records of a whole file. Those of a track come in the order of its frames, or nearly.
class RecordedFrames {
 public:
  void add(const std::vector<FrameRecord>& records) {
    for (const FrameRecord& record : records) of(record.track).add(record);
  }

  /// Of records of one time the last one counts. Null where there is none.
  const FrameRecord* find(TrackKind track, DeviceTime time) { return of(track).find(time); }

  void clear() { *this = {}; }

 private:
  struct Track {
    void add(const FrameRecord& record) {
      sorted = sorted && (records.empty() || records.back().device_time <= record.device_time);
      records.push_back(record);
    }

    const FrameRecord* find(DeviceTime time) {
      if (!sorted) std::stable_sort(records.begin(), records.end(), earlier);
      sorted = true;
      const bool is_next = next < records.size() && records[next].device_time == time &&
                           (next + 1 == records.size() || records[next + 1].device_time != time);
      if (!is_next) {
        const auto behind = std::ranges::upper_bound(records, time, {}, &FrameRecord::device_time);
        if (behind == records.begin() || std::prev(behind)->device_time != time) return nullptr;
        next = static_cast<std::size_t>(behind - records.begin()) - 1;
      }
      return &records[next++];
    }

    static bool earlier(const FrameRecord& a, const FrameRecord& b) { return a.device_time < b.device_time; }

    std::vector<FrameRecord> records;
    bool sorted = true;
    std::size_t next = 0;  ///< behind the one found last
  };

  /// Of colour, depth or IR.
  Track& of(TrackKind track) { return tracks_[static_cast<std::size_t>(track)]; }

  std::array<Track, 3> tracks_;
};

/// Clusters of a file that its index is held against. Their places, by multiples of the golden section, lie
/// evenly however many there are, and are the same at every reading.
constexpr std::size_t kSpots = 8;
constexpr double kGoldenPart = 0.6180339887498949;

/// Of one file.
class Surveyor {
 public:
  Surveyor(Part& part, ReaderOptions options)
      : part_(part),
        input_(*part.source),
        contents_(part.contents),
        layout_(part.layout),
        options_(options),
        cues_(input_, contents_, layout_),
        cued_blocks_(input_, layout_, cues_),
        clusters_(input_, contents_, layout_, cues_, cued_blocks_) {}

  Result<Survey> run(SurveyFrom from) {
    std::optional<IndexEnd> end;
    if (from == SurveyFrom::index && !part_.index_contradicted)
      end = read_index(contents_, cues_, cued_blocks_, [&](const Metadata& m) { add_indexed(m); });
    if (end && !spots_agree()) end.reset();
    if (!end) {
      survey_ = Survey();
      records_.clear();
    }
    walk_from(end ? clusters_.first_from(end->cluster) : clusters_.first(), end ? end->block_end : 0);
    GENLOCK_TRY(input_.status());
    survey_.file_bytes = input_.size();
    survey_.duration = duration();
    fill_in_records();
    survey_.problems = part_.open_problems;
    judge_end(contents_.cues.has_value() || clusters_.saw_cues());
    for (const std::string& problem : input_.problems())
      if (std::ranges::find(survey_.problems, problem) == survey_.problems.end())
        survey_.problems.push_back(problem);
    return std::move(survey_);
  }

 private:
  std::optional<DeviceDuration> duration() const {
    if (!contents_.duration) return std::nullopt;
    const double us = *contents_.duration * static_cast<double>(layout_.timestamp_scale_ns) / 1000;
    if (!(us >= 0 && us < static_cast<double>(std::int64_t{1} << 53))) return std::nullopt;
    return device_us(std::llround(us));
  }

  /// Holds a few clusters, spread over the file, against what the index says of them.
  bool spots_agree() {
    for (std::size_t i = 0; i < std::min(kSpots, indexed_.size()); ++i) {
      const double part = std::fmod(static_cast<double>(i + 1) * kGoldenPart, 1.0);
      const std::uint64_t offset =
          indexed_[static_cast<std::size_t>(part * static_cast<double>(indexed_.size()))];
      std::optional<ClusterPlace> place = clusters_.first_from(offset);  // of its second
      while (place && place->offset < offset) place = clusters_.after(*place);
      if (place && place->offset == offset && agrees(*place)) continue;
      part_.index_contradicted = true;
      return false;
    }
    return true;
  }

  bool agrees(const ClusterPlace& place) {
    ClusterReader reader(input_, place, layout_.timestamp_scale_ns);
    IndexComparison comparison(input_, layout_, cued_blocks_, place, options_);
    while (const std::optional<StoredBlock> block = reader.next()) comparison.add(*block);
    return comparison.agrees();
  }

  /// Lists this cluster and all behind it, but the block of records that ends at `listed`.
  void walk_from(std::optional<ClusterPlace> place, std::uint64_t listed) {
    for (; place; place = clusters_.after(*place)) {
      ClusterReader reader(input_, *place, layout_.timestamp_scale_ns);
      IndexComparison comparison(input_, layout_, cued_blocks_, *place, options_);
      while (const std::optional<StoredBlock> block = reader.next()) {
        comparison.add(*block);
        const mkv::Extent& last = block->frames.back();
        if (last.offset + last.size != listed) add_block(*block);
      }
      if (!comparison.agrees()) part_.index_contradicted = true;
    }
  }

  void add_indexed(const Metadata& metadata) {
    add_metadata(metadata);
    for (const ClusterRecord& cluster : metadata.clusters)
      indexed_.push_back(layout_.segment.data + cluster.position);
    for (const ClusterRecord& cluster : metadata.clusters)
      for (const BlockPlace& block : cluster.blocks) add_place(cluster, block);
  }

  void add_place(const ClusterRecord& cluster, const BlockPlace& block) {
    const auto listed = listed_by_index(input_, layout_, cluster, block, options_);
    if (!listed) return;
    if (listed->track != TrackKind::imu) return add_frame(*listed);
    add_samples(listed->amount, listed->time, listed->time + device_us(block.span_us));
  }

  void add_frame(const ListedBlock& image) {
    FrameEntry entry;
    entry.track = image.track;
    entry.device_time = image.time;
    entry.bytes = image.amount;
    survey_.frames.push_back(entry);
  }

  void add_samples(std::uint64_t count, DeviceTime first, DeviceTime last) {
    survey_.imu_samples += count;
    survey_.first_imu = std::min(survey_.first_imu.value_or(first), first);
    survey_.last_imu = std::max(survey_.last_imu.value_or(last), last);
  }

  void add_block(const StoredBlock& block) {
    const auto listed = listed_by_block(input_, layout_, block, options_);
    if (listed && listed->track != TrackKind::imu) return add_frame(*listed);
    if (block.track == layout_.imu) return add_imu(block);
    if (block.track == layout_.metadata) add_metadata(read_metadata(input_, block.frames));
  }

  void add_imu(const StoredBlock& block) {
    for (const mkv::Extent& frame : block.frames)
      if (const std::optional<StoredSample> found = read_imu_sample(input_, frame))
        add_samples(1, found->sample.accel_time, found->sample.accel_time);
  }

  void add_metadata(const Metadata& metadata) {
    records_.add(metadata.frames);
    survey_.host_pairs.insert(survey_.host_pairs.end(), metadata.host_pairs.begin(),
                              metadata.host_pairs.end());
    survey_.gaps.insert(survey_.gaps.end(), metadata.gaps.begin(), metadata.gaps.end());
    survey_.jacks.insert(survey_.jacks.end(), metadata.jacks.begin(), metadata.jacks.end());
  }

  void fill_in_records() {
    for (FrameEntry& entry : survey_.frames) {
      const FrameRecord* record = records_.find(entry.track, entry.device_time);
      if (record == nullptr) continue;
      entry.host_time = record->host_time;
      entry.exposure = record->exposure;
      entry.white_balance = record->white_balance;
      entry.iso = record->iso;
      entry.temperature_c = record->temperature_c;
      entry.pulse = record->pulse;
    }
  }

  /// Whether the recording was closed, and what of it is missing at the end.
  void judge_end(bool has_cues) {
    const std::uint64_t claim = contents_.segment_claim;
    survey_.finalised = contents_.duration.has_value() && claim == input_.size() && has_cues;
    if (survey_.finalised) return;
    if (claim != mkv::kUnknownSize && claim > input_.size()) {
      survey_.problems.push_back(fmt::format("the file is cut: it has {} of {} bytes", input_.size(), claim));
    } else {
      survey_.problems.push_back(
          "the recording was not closed: it has no complete index, and its end may be missing");
    }
  }

  Part& part_;
  mkv::Input input_;
  const FileContents& contents_;
  const FileLayout& layout_;
  const ReaderOptions options_;
  CueList cues_;
  CuedBlocks cued_blocks_;
  ClusterMap clusters_;
  std::vector<std::uint64_t> indexed_;  ///< clusters that the index lists: offsets
  RecordedFrames records_;
  Survey survey_;
};

template <class T>
void append(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void add_part(Survey& all, Survey part, const std::filesystem::path& file) {
  append(all.frames, part.frames);
  append(all.host_pairs, part.host_pairs);
  append(all.gaps, part.gaps);
  append(all.jacks, part.jacks);
  for (std::string& problem : part.problems) problem = file.string() + ": " + problem;
  append(all.problems, part.problems);
  all.imu_samples += part.imu_samples;
  if (!all.first_imu) all.first_imu = part.first_imu;
  if (part.last_imu) all.last_imu = part.last_imu;
  all.finalised = all.finalised && part.finalised;
  all.file_bytes += part.file_bytes;
}

}  // namespace

Result<Survey> survey_parts(std::vector<std::unique_ptr<Part>>& parts,
                            std::vector<std::string> known_problems, ReaderOptions options, SurveyFrom from) {
  std::vector<Survey> surveys;
  for (const auto& part : parts) {
    GENLOCK_ASSIGN(Survey survey, Surveyor(*part, options).run(from));
    surveys.push_back(std::move(survey));
  }
  Survey all;
  if (parts.size() == 1) {
    all = std::move(surveys.front());
    all.problems.insert(all.problems.begin(), known_problems.begin(), known_problems.end());
    return all;
  }
  all.problems = std::move(known_problems);
  all.finalised = true;
  const Part& last = *parts.back();
  if (surveys.back().duration)
    all.duration =
        last.layout.info.start_offset - parts.front()->layout.info.start_offset + *surveys.back().duration;
  for (std::size_t i = 0; i < parts.size(); ++i) add_part(all, std::move(surveys[i]), parts[i]->path);
  return all;
}

}  // namespace genlock::recording
