#include "recording/file_contents.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <utility>

#include "mkv/endian.h"
#include "mkv/vint.h"
#include "recording/cluster_elements.h"
#include "recording/format.h"
#include "recording/segment_walker.h"

namespace genlock::recording {
namespace {

using mkv::Children;
using mkv::FoundElement;
using mkv::Input;
using Id = mkv::ElementId;

constexpr std::size_t kMostPrivateBytes = 65536;
constexpr std::uint64_t kMostPixels = 65536;  // of a row or column

Error corrupt(std::string what) {
  return Error(Errc::corrupt, std::move(what));
}

std::uint64_t uint_or_zero(Input& input, const FoundElement& element) {
  return mkv::uint_value(input, element).value_or(0);
}
std::string string_or_empty(Input& input, const FoundElement& element) {
  return mkv::string_value(input, element).value_or("");
}

/// Calls `visit` with each element directly inside `master`.
template <class Visit>
void for_each_child(Input& input, const FoundElement& master, Visit visit) {
  Children children(input, master);
  while (const std::optional<FoundElement> child = children.next()) visit(*child);
}

int pixels(Input& input, const FoundElement& element) {
  return static_cast<int>(std::min(uint_or_zero(input, element), kMostPixels));
}

TrackElement read_track(Input& input, const FoundElement& entry) {
  TrackElement track;
  for_each_child(input, entry, [&](const FoundElement& child) {
    switch (child.id) {
      case Id::track_number:
        track.number = uint_or_zero(input, child);
        break;
      case Id::track_uid:
        track.uid = uint_or_zero(input, child);
        break;
      case Id::track_type:
        track.type = uint_or_zero(input, child);
        break;
      case Id::name:
        track.name = string_or_empty(input, child);
        break;
      case Id::codec_id:
        track.codec = string_or_empty(input, child);
        break;
      case Id::codec_private:
        track.codec_private =
            mkv::binary_value(input, child, kMostPrivateBytes).value_or(std::vector<std::byte>{});
        break;
      case Id::default_duration:
        track.default_duration_ns = uint_or_zero(input, child);
        break;
      case Id::video:
        for_each_child(input, child, [&](const FoundElement& field) {
          if (field.id == Id::pixel_width) track.size.width = pixels(input, field);
          if (field.id == Id::pixel_height) track.size.height = pixels(input, field);
        });
        break;
      default:
        break;
    }
  });
  return track;
}

/// Reads tags until they are more than any recorder writes.
class TagReader {
 public:
  TagReader(Input& input, std::vector<TagElement>& tags) : input_(input), tags_(tags) {}

  void read(const FoundElement& tags) {
    for_each_child(input_, tags, [&](const FoundElement& tag) {
      if (tag.id == Id::tag && !full_) read_tag(tag);
    });
  }

 private:
  /// Adds one TagElement for each SimpleTag; those inside others are left out.
  void read_tag(const FoundElement& tag) {
    TagElement targets;
    const std::size_t first = tags_.size();
    for_each_child(input_, tag, [&](const FoundElement& child) {
      if (child.id == Id::targets) read_targets(child, targets);
      if (child.id == Id::simple_tag && has_room(child)) read_simple(child);
    });
    targets_ += (tags_.size() - first) * (targets.tracks.size() + targets.attachments.size());
    if (targets_ > FileLimits::kTargets) {
      tags_.resize(first);
      stop(tag);
    }
    for (std::size_t i = first; i < tags_.size(); ++i) {
      tags_[i].tracks = targets.tracks;
      tags_[i].attachments = targets.attachments;
    }
  }

  void read_targets(const FoundElement& targets, TagElement& into) {
    for_each_child(input_, targets, [&](const FoundElement& child) {
      const auto add_to = [&](std::vector<std::uint64_t>& list) {
        if (into.tracks.size() + into.attachments.size() >= FileLimits::kTagTargets) return;
        if (const std::uint64_t uid = uint_or_zero(input_, child); uid != 0) list.push_back(uid);
      };
      if (child.id == Id::tag_track_uid) add_to(into.tracks);
      if (child.id == Id::tag_attachment_uid) add_to(into.attachments);
    });
  }

  void read_simple(const FoundElement& simple_tag) {
    TagElement& simple = tags_.emplace_back();
    for_each_child(input_, simple_tag, [&](const FoundElement& field) {
      if (field.id == Id::tag_name) simple.name = string_or_empty(input_, field);
      if (field.id == Id::tag_string) simple.value = string_or_empty(input_, field);
    });
    text_ += simple.name.size() + simple.value.size();
  }

  bool has_room(const FoundElement& simple_tag) {
    if (full_) return false;
    if (tags_.size() >= FileLimits::kTags || text_ >= FileLimits::kTextBytes) stop(simple_tag);
    return !full_;
  }

  void stop(const FoundElement& from) {
    full_ = true;
    input_.problem(fmt::format("there are too many tags; those from byte {} on are ignored", from.offset));
  }

  Input& input_;
  std::vector<TagElement>& tags_;
  std::size_t targets_ = 0;  ///< UIDs in `tags_`
  std::size_t text_ = 0;
  bool full_ = false;
};

std::optional<SegmentUid> read_uid(Input& input, const FoundElement& element) {
  SegmentUid uid;
  if (element.size() != uid.size() || !input.read(element.data, uid)) return std::nullopt;
  return uid;
}

AttachmentElement read_attachment(Input& input, const FoundElement& file) {
  AttachmentElement attachment;
  for_each_child(input, file, [&](const FoundElement& child) {
    if (child.id == Id::file_name) attachment.name = string_or_empty(input, child);
    if (child.id == Id::file_uid) attachment.uid = uint_or_zero(input, child);
    if (child.id == Id::file_data) attachment.data = child;
  });
  return attachment;
}

/// Reads the elements of a segment that are no clusters, each once.
class ContentsReader {
 public:
  explicit ContentsReader(Input& input) : input_(input), tags_(input, contents_.tags) {}

  Result<FileContents> read(ContentsSearch search) {
    GENLOCK_TRY(read_head());
    GENLOCK_TRY(find_segment());
    read_to_first_cluster();
    follow_seek_head();
    if (!has_seek_head_ && contents_.attachments.empty())
      read_after(contents_.first_cluster, ContentsSearch::usual);
    if (search == ContentsSearch::whole_file) {
      read_after(contents_.first_cluster, search);
      follow_seek_head();
    }
    GENLOCK_TRY(input_.status());
    if (contents_.tracks.empty()) return corrupt("the file has no tracks");
    return std::move(contents_);
  }

 private:
  Status read_head() {
    const std::optional<FoundElement> head = mkv::read_element(input_, 0, input_.size());
    GENLOCK_TRY(input_.status());
    if (input_.size() == 0) return corrupt("the file is empty");
    if (!head || head->id != Id::ebml || head->cut || head->unknown_size)
      return corrupt("not a Matroska file");
    std::string doc_type;
    std::uint64_t read_version = 1;
    for_each_child(input_, *head, [&](const FoundElement& child) {
      if (child.id == Id::doc_type) doc_type = string_or_empty(input_, child);
      if (child.id == Id::doc_type_read_version) read_version = uint_or_zero(input_, child);
    });
    if (doc_type != "matroska") return corrupt("not a Matroska file");
    if (read_version > 2) return corrupt(fmt::format("Matroska of version {} is too new", read_version));
    at_ = head->end;
    return {};
  }

  Status find_segment() {
    while (const std::optional<FoundElement> found = mkv::read_element(input_, at_, input_.size())) {
      at_ = found->end;
      if (found->id != Id::segment) continue;
      contents_.segment = *found;
      // A size of 0 is what the stock recorder leaves behind when it is killed.
      const bool says_nothing = found->unknown_size || found->size() == 0;
      contents_.segment_claim = says_nothing ? mkv::kUnknownSize
                                : found->cut ? claimed_end(*found)
                                             : found->end;
      return {};
    }
    GENLOCK_TRY(input_.status());
    return corrupt("the file has no segment");
  }

  std::uint64_t claimed_end(const FoundElement& segment) {
    const ByteSpan field = input_.peek(segment.offset + 4, 8);
    const std::optional<mkv::Vint> size = mkv::get_vint(field);
    return size ? segment.data + size->value : mkv::kUnknownSize;
  }

  void read_to_first_cluster() {
    SegmentWalker walker(input_, contents_.segment, contents_.segment.data);
    contents_.first_cluster = input_.size();
    while (const std::optional<FoundElement> found = walker.next()) {
      if (found->id == Id::cluster) {
        contents_.first_cluster = found->offset;
        return;
      }
      read_element(*found);
    }
  }

  void read_after(std::uint64_t offset, ContentsSearch search) {
    if (offset >= input_.size()) return;
    SegmentWalker walker(input_, contents_.segment, offset);
    while (const std::optional<FoundElement> found = walker.next()) {
      read_element(*found);
      if (found->id != Id::cluster || search == ContentsSearch::usual) continue;
      ClusterElements cluster(input_, *found);
      while (cluster.next()) {
      }
      walker.skip_to(cluster.position(), cluster.damaged());
    }
  }

  void follow_seek_head() {
    for (; followed_ < wanted_.size(); ++followed_) {
      const Seek wanted = wanted_[followed_];
      const std::optional<FoundElement> found = mkv::read_element(input_, wanted.offset, input_.size());
      if (found && found->id == wanted.id) read_element(with_true_end(input_, *found));
    }
  }

  void read_element(const FoundElement& found) {
    switch (found.id) {
      case Id::seek_head:
        if (is_new(found)) read_seek_head(found);
        break;
      case Id::info:
        if (!found.cut && is_new(found)) read_info(found);
        break;
      case Id::tracks:
        if (is_new(found)) read_tracks(found);
        break;
      case Id::tags:
        if (is_new(found)) read_tags(found);
        break;
      case Id::attachments:
        if (is_new(found)) read_attachments(found);
        break;
      case Id::cues:
        if (!found.cut) contents_.cues = found;
        break;
      default:
        break;
    }
  }

  /// Whether the element is to be read: not if it has been, nor once there were more than any recorder makes.
  bool is_new(const FoundElement& found) {
    if (seen_.contains(found.offset)) return false;
    if (seen_.size() < kMostElements) return seen_.insert(found.offset).second;
    if (!std::exchange(too_many_, true))
      input_.problem(fmt::format("{} elements describe the recording; from byte {} on they are ignored",
                                 kMostElements, found.offset));
    return false;
  }

  void read_seek_head(const FoundElement& seek_head) {
    has_seek_head_ = true;
    for_each_child(input_, seek_head, [&](const FoundElement& seek) {
      if (seek.id != Id::seek || wanted_.size() >= kMostSeeks) return;
      Seek entry;
      for_each_child(input_, seek, [&](const FoundElement& field) {
        if (field.id == Id::seek_id && field.size() <= 4)
          entry.id = static_cast<Id>(uint_or_zero(input_, field));
        if (field.id == Id::seek_position) entry.offset = uint_or_zero(input_, field);
      });
      if (entry.offset >= input_.size() - contents_.segment.data) return;
      entry.offset += contents_.segment.data;
      wanted_.push_back(entry);
    });
  }

  /// The first one counts; there should be no other.
  void read_info(const FoundElement& info) {
    if (std::exchange(contents_.has_info, true)) return;
    contents_.read_from.push_back(info);
    for_each_child(input_, info, [&](const FoundElement& child) {
      if (child.id == Id::timestamp_scale) contents_.timestamp_scale_ns = uint_or_zero(input_, child);
      if (child.id == Id::duration && !contents_.duration)
        contents_.duration = mkv::real_value(input_, child);
      if (child.id == Id::writing_app) contents_.writing_app = string_or_empty(input_, child);
      if (child.id == Id::segment_uid) contents_.uid = read_uid(input_, child);
      if (child.id == Id::prev_uid) contents_.previous_uid = read_uid(input_, child);
      if (child.id == Id::next_uid) contents_.next_uid = read_uid(input_, child);
    });
  }

  /// The first ones count; there should be no others.
  void read_tracks(const FoundElement& tracks) {
    if (!contents_.tracks.empty()) return;
    for_each_child(input_, tracks, [&](const FoundElement& entry) {
      if (entry.id != Id::track_entry || entry.cut) return;
      if (contents_.tracks.size() >= FileLimits::kTracks) return note_limit(FileLimits::kTracks, "tracks");
      contents_.tracks.push_back(read_track(input_, entry));
      std::vector<std::byte>& made_private = contents_.tracks.back().codec_private;
      private_bytes_ += made_private.size();
      if (private_bytes_ > FileLimits::kPrivateBytes) made_private = {};
    });
    if (!contents_.tracks.empty()) contents_.read_from.push_back(tracks);
  }

  void read_tags(const FoundElement& tags) {
    contents_.read_from.push_back(tags);
    tags_.read(tags);
  }

  void read_attachments(const FoundElement& attachments) {
    contents_.read_from.push_back(attachments);
    for_each_child(input_, attachments, [&](const FoundElement& file) {
      if (file.id != Id::attached_file) return;
      if (contents_.attachments.size() >= FileLimits::kAttachments)
        return note_limit(FileLimits::kAttachments, "attachments");
      contents_.attachments.push_back(read_attachment(input_, file));
    });
  }

  void note_limit(std::size_t most, std::string_view what) {
    input_.problem(fmt::format("there are more than {} {}; the others are ignored", most, what));
  }

  static constexpr std::size_t kMostSeeks = 64;
  static constexpr std::size_t kMostElements = 65536;  // recorders write less than ten
  struct Seek {
    Id id = Id::none;
    std::uint64_t offset = 0;
  };

  Input& input_;
  FileContents contents_;
  TagReader tags_;
  std::size_t private_bytes_ = 0;
  std::uint64_t at_ = 0;
  bool has_seek_head_ = false;
  std::vector<Seek> wanted_;
  std::size_t followed_ = 0;                ///< of these
  std::unordered_set<std::uint64_t> seen_;  ///< offsets of elements that have been read
  bool too_many_ = false;                   ///< elements were ignored
};

}  // namespace

bool is_metadata(const TrackElement& track) {
  return track.codec == kMetadataCodec;
}

std::uint64_t FileContents::scale_ns() const {
  return has_info ? timestamp_scale_ns : kTimestampScaleNs;
}

Result<FileContents> read_contents(Input& input, ContentsSearch search) {
  return ContentsReader(input).read(search);
}

}  // namespace genlock::recording
