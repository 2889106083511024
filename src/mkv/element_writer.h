#pragma once

#include <string_view>

#include "base/time.h"
#include "mkv/element.h"
#include "mkv/output.h"
#include "mkv/vint.h"

namespace genlock::mkv {

struct MasterOptions {
  int size_width =
      0;  ///< bytes of the size field, 1 to 8; 0 takes the fewest, at the price of moving the content
  bool crc = false;           ///< a CRC-32 of the rest of the content comes first
  bool unknown_size = false;  ///< the size field says unknown; size_width must be given
};

/// Writes elements to the end of an Output. Using an element with another type than the table gives it, or
/// outside the master it belongs to, is a bug and aborts in builds with assertions.
class ElementWriter {
 public:
  explicit ElementWriter(Output& out) : out_(out) {}

  void put_uint(ElementId id, std::uint64_t value);
  /// As 4 bytes: enough for what is small. put_double takes 8.
  void put_float(ElementId id, float value);
  void put_double(ElementId id, double value);
  void put_string(ElementId id, std::string_view value);
  void put_date(ElementId id, WallTime value);
  void put_binary(ElementId id, ByteSpan value);

  /// The head of a binary element whose `size` bytes the caller appends to the Output next.
  void begin_binary(ElementId id, std::uint64_t size);

  /// A Void that takes `total` bytes, at least 2, head included.
  void put_void(std::size_t total);

  /// A master around whatever `body()` writes.
  template <class Body>
  void put_master(ElementId id, MasterOptions options, Body body) {
    const Open open = begin_master(id, options);
    body();
    end_master(open, options);
  }
  template <class Body>
  void put_master(ElementId id, Body body) {
    put_master(id, MasterOptions{}, std::move(body));
  }

 private:
  struct Open {
    std::size_t size_at = 0;
    std::size_t data_at = 0;
    ElementId parent = ElementId::none;
  };

  void head(ElementId id, ElementType type, std::uint64_t size);
  void put_id(ElementId id);
  Open begin_master(ElementId id, MasterOptions options);
  void end_master(const Open& open, MasterOptions options);

  Output& out_;
  ElementId inside_ = ElementId::none;  ///< the innermost open master
};

}  // namespace genlock::mkv
