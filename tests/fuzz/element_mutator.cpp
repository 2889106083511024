#include "element_mutator.h"

#include <algorithm>
#include <random>

#include "fuzz_support.h"
#include "mkv/element_reader.h"
#include "mkv/vint.h"

namespace genlock::fuzz {
namespace {

using Bytes = std::vector<std::byte>;
using mkv::FoundElement;
using Id = mkv::ElementId;

/// The elements directly inside the segment, and those directly inside one of them now and then.
class Mutation {
 public:
  Mutation(Bytes file, unsigned seed) : file_(std::move(file)), random_(seed) {}

  bool run() {
    find_elements();
    if (elements_.empty()) return false;
    const FoundElement element = elements_[below(elements_.size())];
    switch (below(7)) {
      case 0:
        erase(element.offset, element.end);
        break;
      case 1:
        move(element);
        break;
      case 2:
        insert(any_place(), bytes_of(element));
        break;
      case 3:
        resize(element);
        break;
      case 4:
        insert(element.offset, debris());
        break;
      case 5:
        file_.resize(static_cast<std::size_t>(element.offset + below(element.end - element.offset + 1)));
        break;
      default:
        spoil(element);
        break;
    }
    return true;
  }

  const Bytes& file() const { return file_; }

 private:
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : random_() % end; }

  void find_elements() {
    const MemorySource source(file_);
    mkv::Input input(source);
    std::uint64_t at = 0;
    std::optional<FoundElement> segment;
    while ((segment = mkv::read_element(input, at, input.size())) && segment->id != Id::segment)
      at = segment->end;
    if (!segment) return;
    segment->end = input.size();
    segment->unknown_size = true;
    list(input, *segment);
    if (below(4) > 0 || elements_.empty()) return;
    const FoundElement inside = elements_[below(elements_.size())];
    const mkv::Element* known = mkv::find_element(inside.id);
    if (known == nullptr || known->type != mkv::ElementType::master) return;
    elements_.clear();
    list(input, inside);
  }

  void list(mkv::Input& input, const FoundElement& master) {
    constexpr std::size_t kMost = 1000;
    mkv::Children children(input, master);
    while (const std::optional<FoundElement> child = children.next()) {
      if (elements_.size() < kMost) elements_.push_back(*child);
    }
  }

  std::uint64_t any_place() {
    const FoundElement& element = elements_[below(elements_.size())];
    return below(8) == 0 ? element.offset + below(element.end - element.offset) : element.offset;
  }

  Bytes bytes_of(const FoundElement& element) const {
    const auto begin = file_.begin();
    return {begin + static_cast<std::ptrdiff_t>(element.offset),
            begin + static_cast<std::ptrdiff_t>(element.end)};
  }

  void erase(std::uint64_t from, std::uint64_t to) {
    file_.erase(file_.begin() + static_cast<std::ptrdiff_t>(from),
                file_.begin() + static_cast<std::ptrdiff_t>(to));
  }

  void insert(std::uint64_t at, const Bytes& bytes) {
    file_.insert(file_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(at, file_.size())),
                 bytes.begin(), bytes.end());
  }

  void move(const FoundElement& element) {
    const Bytes bytes = bytes_of(element);
    const std::uint64_t to = any_place();
    if (to >= element.end) {
      insert(to, bytes);
      erase(element.offset, element.end);
    } else {
      erase(element.offset, element.end);
      insert(std::min(to, element.offset), bytes);
    }
  }

  /// In the bytes that its size has.
  void resize(const FoundElement& element) {
    const auto id_bytes = static_cast<std::uint64_t>(
        mkv::get_id(ByteSpan(file_).subspan(static_cast<std::size_t>(element.offset)))->width);
    const MutableByteSpan field =
        MutableByteSpan(file_).subspan(static_cast<std::size_t>(element.offset + id_bytes),
                                       static_cast<std::size_t>(element.data - element.offset - id_bytes));
    const std::uint64_t to = any_place();
    const std::uint64_t sizes[] = {mkv::kUnknownSize, to > element.data ? to - element.data : 0,
                                   element.size() + 1, element.size() / 2, below(file_.size())};
    const std::uint64_t size = sizes[below(std::size(sizes))];
    if (size == mkv::kUnknownSize || size <= mkv::max_vint(static_cast<int>(field.size())))
      mkv::put_vint(size, field);
  }

  /// What may stand between elements: nothing that means anything.
  Bytes debris() {
    Bytes bytes(1 + below(24), static_cast<std::byte>(below(2) * below(256)));
    if (below(2) == 0 || bytes.size() < 3) return bytes;
    bytes[0] = below(2) == 0 ? std::byte{0xEC} : std::byte{0xC1};  // a Void, or an element of no known id
    bytes[1] = static_cast<std::byte>(0x80 + bytes.size() - 2);
    return bytes;
  }

  void spoil(const FoundElement& element) {
    const std::uint64_t from = element.offset + below(element.end - element.offset);
    const std::uint64_t to = std::min(element.end, from + 1 + below(16));
    for (std::uint64_t at = from; at < to; ++at)
      file_[static_cast<std::size_t>(at)] = static_cast<std::byte>(random_());
  }

  Bytes file_;
  std::mt19937 random_;
  std::vector<FoundElement> elements_;
};

}  // namespace

std::size_t mutate_elements(std::uint8_t* data, std::size_t size, std::size_t room, unsigned seed) {
  Mutation mutation(bytes_of(data, size), seed);
  if (!mutation.run() || mutation.file().empty()) return 0;
  const std::size_t changed = std::min(room, mutation.file().size());
  std::copy_n(mutation.file().begin(), changed, reinterpret_cast<std::byte*>(data));
  return changed;
}

}  // namespace genlock::fuzz
