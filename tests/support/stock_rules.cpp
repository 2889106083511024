#include "support/stock_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace genlock::test {
namespace {

namespace id {
constexpr std::uint32_t kEbml = 0x1A45DFA3, kDocType = 0x4282, kReadVersion = 0x4285, kSegment = 0x18538067,
                        kSeekHead = 0x114D9B74, kSeek = 0x4DBB, kSeekId = 0x53AB, kSeekPosition = 0x53AC,
                        kInfo = 0x1549A966, kScale = 0x2AD7B1, kDuration = 0x4489, kTracks = 0x1654AE6B,
                        kTrackEntry = 0xAE, kTrackNumber = 0xD7, kTrackName = 0x536E, kTags = 0x1254C367,
                        kTag = 0x7373, kSimpleTag = 0x67C8, kTagName = 0x45A3, kAttachments = 0x1941A469,
                        kCluster = 0x1F43B675, kTimestamp = 0xE7, kSimpleBlock = 0xA3, kBlockGroup = 0xA0,
                        kCues = 0x1C53BB6B, kCuePoint = 0xBB, kCueTime = 0xB3, kCuePositions = 0xB7,
                        kCueTrack = 0xF7, kCueCluster = 0xF1, kCueRelative = 0xF0, kVoid = 0xEC, kCrc = 0xBF;
}

constexpr std::uint64_t kUnknown = ~std::uint64_t{0};

struct Element {
  std::uint32_t id = 0;
  std::uint64_t at = 0, data = 0, size = 0;
  std::uint64_t end() const { return size == kUnknown ? kUnknown : data + size; }
};

class Rules {
 public:
  explicit Rules(ByteSpan file) : file_(file) {}

  StockRules check() {
    const std::optional<Element> head = element(0);
    if (!head || head->id != id::kEbml || !whole(*head)) return broken("no EBML header"), rules_;
    check_ebml(*head);
    const std::optional<Element> segment = element(head->end());
    if (!segment || segment->id != id::kSegment) return broken("no segment"), rules_;
    segment_ = *segment;
    walk();
    if (segment_.size != kUnknown && segment_.end() != file_.size())
      broken(fmt::format("the segment ends at {}, the file at {}", segment_.end(), file_.size()));
    check_header();
    check_seek_head();
    check_cues();
    rules_.complete = seeks_.count(id::kCues) > 0 && has_duration_ && segment_.end() == file_.size();
    return rules_;
  }

 private:
  void broken(std::string what) { rules_.broken.push_back(std::move(what)); }

  std::uint64_t number(std::uint64_t at, std::uint64_t bytes) const {
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < bytes && at + i < file_.size(); ++i)
      value = value << 8 | static_cast<std::uint8_t>(file_[at + i]);
    return value;
  }
  std::uint64_t number(const Element& of) const {
    return number(of.data, std::min<std::uint64_t>(of.size, 8));
  }

  std::string text(const Element& of) const {
    std::string value;
    for (std::uint64_t i = of.data; i < of.end() && i < file_.size(); ++i)
      value += static_cast<char>(file_[i]);
    return value;
  }

  bool whole(const Element& one) const { return one.size != kUnknown && one.end() <= file_.size(); }

  /// The length of the variable-length number there; 0 if there is none.
  std::uint64_t vint_length(std::uint64_t at) const {
    if (at >= file_.size()) return 0;
    const auto first = static_cast<std::uint8_t>(file_[at]);
    std::uint64_t length = 1;
    for (unsigned mask = 0x80; mask != 0 && (first & mask) == 0; mask >>= 1) ++length;
    return first == 0 || at + length > file_.size() ? 0 : length;
  }

  std::optional<Element> element(std::uint64_t at) const {
    const std::uint64_t id_length = vint_length(at);
    const std::uint64_t size_length = id_length == 0 ? 0 : vint_length(at + id_length);
    if (id_length == 0 || id_length > 4 || size_length == 0) return std::nullopt;
    Element found{static_cast<std::uint32_t>(number(at, id_length)), at, at + id_length + size_length, 0};
    const std::uint64_t ones = (std::uint64_t{1} << (7 * size_length)) - 1;
    found.size = number(at + id_length, size_length) & ones;
    if (found.size == ones) found.size = kUnknown;
    return found;
  }

  void each_child(const Element& parent, const std::function<void(const Element&)>& use) {
    std::uint64_t at = parent.data;
    while (at < parent.end()) {
      const std::optional<Element> child = element(at);
      if (!child || child->end() > parent.end())
        return broken(fmt::format("element {:X} at {} holds no elements", parent.id, parent.at));
      use(*child);
      at = child->end();
    }
  }

  std::optional<Element> child(const Element& parent, std::uint32_t wanted) {
    std::optional<Element> found;
    each_child(parent, [&](const Element& one) {
      if (one.id == wanted && !found) found = one;
    });
    return found;
  }

  void check_ebml(const Element& head) {
    const auto type = child(head, id::kDocType);
    const auto version = child(head, id::kReadVersion);
    if (!type || text(*type) != "matroska") broken("the doctype is not matroska");
    if (!version || number(*version) > 2) broken("the doctype read version is not 2");
  }

  void walk() {
    static const std::set<std::uint32_t> kKnown{id::kSeekHead, id::kInfo,        id::kTracks,
                                                id::kTags,     id::kCluster,     id::kCues,
                                                id::kVoid,     id::kAttachments, id::kCrc};
    const std::uint64_t limit = std::min<std::uint64_t>(segment_.end(), file_.size());
    for (std::uint64_t at = segment_.data; at < limit;) {
      const std::optional<Element> one = element(at);
      if (!one && limit - at < 12) return;  // a cut head
      if (!one || !kKnown.contains(one->id) || one->size == kUnknown)
        return broken(fmt::format("the bytes at {} are no element", at));
      if (one->id != id::kVoid) top_[at] = *one;
      if (one->id == id::kCluster) ++rules_.clusters;
      if (one->id == id::kCluster && one->end() > file_.size()) check_cut(*one);
      at = one->end();
    }
  }

  void check_cut(const Element& cluster) {
    for (std::uint64_t at = cluster.data; at < file_.size();) {
      const std::optional<Element> one = element(at);
      if (!one) return;
      at = one->end();
      rules_.crashes_official = at > file_.size() && one->id != id::kSimpleBlock;
    }
  }

  std::optional<Element> top(std::uint32_t wanted) const {
    for (const auto& [at, one] : top_)
      if (one.id == wanted && whole(one)) return one;
    return std::nullopt;
  }

  void check_header() {
    const auto info = top(id::kInfo);
    const auto tracks = top(id::kTracks);
    const auto tags = top(id::kTags);
    const auto cluster =
        std::ranges::find_if(top_, [](const auto& one) { return one.second.id == id::kCluster; });
    const std::uint64_t data = cluster == top_.end() ? kUnknown : cluster->first;
    if (!info || info->at > data || !child(*info, id::kScale))
      broken("no Info with a scale before the clusters");
    if (!tracks || tracks->at > data) return broken("no Tracks before the clusters");
    has_duration_ = info && child(*info, id::kDuration);
    const std::set<std::string> names = tags ? tag_names(*tags) : std::set<std::string>();
    if (data != kUnknown && (!tags || tags->at > data || !names.contains("K4A_START_OFFSET_NS")))
      broken("no start offset before the clusters");
    read_tracks(*tracks);
    if ((tracks_.contains("DEPTH") || tracks_.contains("IR")) && !names.contains("K4A_DEPTH_MODE"))
      broken("depth or IR without K4A_DEPTH_MODE");
  }

  void read_tracks(const Element& tracks) {
    each_child(tracks, [&](const Element& entry) {
      const auto name = entry.id == id::kTrackEntry ? child(entry, id::kTrackName) : std::nullopt;
      const auto track = entry.id == id::kTrackEntry ? child(entry, id::kTrackNumber) : std::nullopt;
      if (name && track) tracks_[text(*name)] = number(*track);
    });
  }

  std::set<std::string> tag_names(const Element& tags) {
    std::set<std::string> names;
    each_child(tags, [&](const Element& tag) {
      const auto simple = tag.id == id::kTag ? child(tag, id::kSimpleTag) : std::nullopt;
      const auto name = simple ? child(*simple, id::kTagName) : std::nullopt;
      if (name) names.insert(text(*name));
    });
    return names;
  }

  void check_seek_head() {
    const auto head = top(id::kSeekHead);
    if (!head) return;
    each_child(*head, [&](const Element& seek) {
      if (seek.id != id::kSeek) return;
      const auto what = child(seek, id::kSeekId);
      const auto where = child(seek, id::kSeekPosition);
      if (!what || !where) return broken("a SeekHead entry without ID or position");
      const auto wanted = static_cast<std::uint32_t>(number(*what));
      const auto there = element(segment_.data + number(*where));
      seeks_[wanted] = segment_.data + number(*where);
      if (!there || there->id != wanted || !whole(*there))
        broken(fmt::format("the SeekHead points for {:X} at {}, where it is not", wanted, seeks_[wanted]));
    });
  }

  void check_cues() {
    const auto at = seeks_.find(id::kCues);
    const auto cues = at == seeks_.end() ? std::nullopt : element(at->second);
    if (!cues || cues->id != id::kCues || !whole(*cues)) return;
    each_child(*cues, [&](const Element& point) {
      const auto time = point.id == id::kCuePoint ? child(point, id::kCueTime) : std::nullopt;
      if (point.id != id::kCuePoint) return;
      if (!time) return broken("a cue without a time");
      each_child(point, [&](const Element& positions) {
        if (positions.id == id::kCuePositions) check_cue(positions, number(*time));
      });
    });
  }

  void check_cue(const Element& positions, std::uint64_t time) {
    const auto track = child(positions, id::kCueTrack);
    const auto at = child(positions, id::kCueCluster);
    const auto cluster = at ? element(segment_.data + number(*at)) : std::nullopt;
    if (!track || !cluster || cluster->id != id::kCluster || !whole(*cluster))
      return broken(fmt::format("the cue of {} us points at no cluster", time));
    const auto start = child(*cluster, id::kTimestamp);
    if (!start || number(*start) > time || time - number(*start) > 32'767)
      broken(fmt::format("the cue of {} us points at a cluster of another time", time));
    if (const auto relative = child(positions, id::kCueRelative))
      check_cued_block(*cluster, number(*relative), number(*track), time);
  }

  void check_cued_block(const Element& cluster, std::uint64_t relative, std::uint64_t track,
                        std::uint64_t time) {
    const auto block = element(cluster.data + relative);
    const bool is_block = block && (block->id == id::kSimpleBlock || block->id == id::kBlockGroup);
    if (!is_block || (block->id == id::kSimpleBlock && (number(block->data, 1) & 0x7F) != track))
      broken(fmt::format("the cue of {} us points at no block of track {}", time, track));
  }

  const ByteSpan file_;
  Element segment_;
  StockRules rules_;
  bool has_duration_ = false;
  std::map<std::uint64_t, Element> top_;  ///< elements of the segment but Voids, by their place
  std::map<std::string, std::uint64_t> tracks_;
  std::map<std::uint32_t, std::uint64_t> seeks_;
};

}  // namespace

StockRules check_stock_rules(ByteSpan file) {
  return Rules(file).check();
}

}  // namespace genlock::test
