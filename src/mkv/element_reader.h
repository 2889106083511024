#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "base/time.h"
#include "mkv/element.h"
#include "mkv/input.h"

namespace genlock::mkv {

/// One element as found in a file. Everything lies within the file and within its master, whatever its size
/// field said.
struct FoundElement {
  ElementId id = ElementId::none;
  std::uint64_t offset = 0;  ///< of its id
  std::uint64_t data = 0;    ///< of its content
  std::uint64_t end = 0;  ///< one past its content; as far as it can reach where its size is unknown or cut
  bool unknown_size = false;
  bool cut = false;  ///< it claims to go on after `end`

  std::uint64_t size() const { return end - data; }
};

/// The element that starts at `offset` and may reach to `limit`; nothing where no valid head stands.
std::optional<FoundElement> read_element(Input& input, std::uint64_t offset, std::uint64_t limit);

/// Goes through the elements directly inside one master. Safe on any bytes: every step moves forward and
/// nothing beyond the master's end is looked at. A master of unknown size is entered to find its end only
/// inside the master that the element table puts it in, and is damage anywhere else: so depth is bounded by
/// that of the table.
class Children {
 public:
  /// `master` is copied.
  Children(Input& input, const FoundElement& master)
      : input_(input), master_(master), at_(master.data), floor_(master.data) {}

  /// The next element, after skipping the content of the one before. Nothing at the end, at damage, or where
  /// an element stands that ends this master: one that belongs to a master above it.
  std::optional<FoundElement> next();

  /// Where the walk stands: after nothing was returned, where this master really ends.
  std::uint64_t position() const { return at_; }

  /// Whether the walk ended at bytes that are no element. The problem is noted in the Input.
  bool damaged() const { return damaged_; }

  /// Goes on at `offset`, for whoever walked the last element's inside and knows where it ended; not before
  /// the start of that inside. Also after damage.
  void go_to(std::uint64_t offset) {
    at_ = std::max(floor_, offset);
    unknown_.reset();
    damaged_ = false;
  }

 private:
  std::optional<FoundElement> stop(std::string problem);
  bool ends_master(ElementId id) const;

  Input& input_;
  const FoundElement master_;
  std::uint64_t at_;
  std::uint64_t floor_;                  ///< content of the last element: the walk never goes back behind it
  std::optional<FoundElement> unknown_;  ///< the last element, when its end is still to be found
  bool damaged_ = false;
};

/// Values of elements. Nothing, and a problem noted, where the content cannot be one.
std::optional<std::uint64_t> uint_value(Input& input, const FoundElement& element);
std::optional<double> real_value(Input& input, const FoundElement& element);
std::optional<WallTime> date_value(Input& input, const FoundElement& element);
/// Up to the first NUL. At most 64 KiB.
std::optional<std::string> string_value(Input& input, const FoundElement& element);
/// The whole content, which is at most `most` bytes and at most what the file has.
std::optional<std::vector<std::byte>> binary_value(Input& input, const FoundElement& element,
                                                   std::size_t most);

}  // namespace genlock::mkv
