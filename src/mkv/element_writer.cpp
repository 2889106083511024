#include "mkv/element_writer.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

#include "mkv/crc32.h"
#include "mkv/endian.h"

namespace genlock::mkv {
namespace {

constexpr std::size_t kCrcElement = 6;  // id, size 4, four bytes

ByteSpan bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

[[maybe_unused]] bool may_stand_in(ElementId id, ElementId master) {
  const Element* element = find_element(id);
  return element != nullptr && (element->global || master == ElementId::none || element->parent == master);
}

std::size_t bytes_needed(std::uint64_t value) {
  return value == 0 ? 1 : static_cast<std::size_t>(64 - std::countl_zero(value) + 7) / 8;
}

}  // namespace

void ElementWriter::put_id(ElementId id) {
  const auto value = static_cast<std::uint32_t>(id);
  store_big(value, out_.extend(static_cast<std::size_t>(id_width(value))));
}

void ElementWriter::head(ElementId id, [[maybe_unused]] ElementType type, std::uint64_t size) {
  assert(may_stand_in(id, inside_) && find_element(id)->type == type);
  put_id(id);
  put_vint(size, out_.extend(static_cast<std::size_t>(vint_width(size))));
}

void ElementWriter::put_uint(ElementId id, std::uint64_t value) {
  const std::size_t size = bytes_needed(value);
  head(id, ElementType::uint, size);
  store_big(value, out_.extend(size));
}

void ElementWriter::put_float(ElementId id, float value) {
  head(id, ElementType::real, 4);
  store_big(std::bit_cast<std::uint32_t>(value), out_.extend(4));
}

void ElementWriter::put_double(ElementId id, double value) {
  head(id, ElementType::real, 8);
  store_big(std::bit_cast<std::uint64_t>(value), out_.extend(8));
}

void ElementWriter::put_string(ElementId id, std::string_view value) {
  assert(find_element(id)->type == ElementType::string || find_element(id)->type == ElementType::utf8);
  head(id, find_element(id)->type, value.size());
  out_.append(bytes_of(value));
}

void ElementWriter::put_date(ElementId id, WallTime value) {
  head(id, ElementType::date, 8);
  store_big(static_cast<std::uint64_t>(count_ns(value) - kEpoch2001), out_.extend(8));
}

void ElementWriter::put_binary(ElementId id, ByteSpan value) {
  begin_binary(id, value.size());
  out_.append(value);
}

void ElementWriter::begin_binary(ElementId id, std::uint64_t size) {
  head(id, ElementType::binary, size);
}

void ElementWriter::put_void(std::size_t total) {
  assert(total >= 2);
  put_id(ElementId::void_);
  const int width = total - 2 <= max_vint(1) ? 1 : 8;
  const std::size_t size = total - 1 - static_cast<std::size_t>(width);
  put_vint(size, out_.extend(static_cast<std::size_t>(width)));
  std::ranges::fill(out_.extend(size), std::byte{0});
}

ElementWriter::Open ElementWriter::begin_master(ElementId id, MasterOptions options) {
  assert(may_stand_in(id, inside_) && find_element(id)->type == ElementType::master);
  Open open;
  open.parent = std::exchange(inside_, id);
  put_id(id);
  open.size_at = out_.size();
  out_.extend(static_cast<std::size_t>(options.size_width > 0 ? options.size_width : 8));
  open.data_at = out_.size();
  if (options.crc) out_.extend(kCrcElement);
  return open;
}

void ElementWriter::end_master(const Open& open, MasterOptions options) {
  inside_ = open.parent;
  const std::size_t size = out_.size() - open.data_at;
  if (options.crc) {
    const MutableByteSpan crc = out_.at(open.data_at, kCrcElement);
    crc[0] = std::byte{static_cast<std::uint8_t>(ElementId::crc32)};
    crc[1] = std::byte{0x84};
    store_little(crc32(out_.bytes().subspan(open.data_at + kCrcElement)), crc.subspan(2));
  }
  int width = options.size_width;
  if (width == 0) {
    width = vint_width(size);
    out_.erase(open.size_at, static_cast<std::size_t>(8 - width));
  }
  assert(options.unknown_size || size <= max_vint(width));
  put_vint(options.unknown_size ? kUnknownSize : size,
           out_.at(open.size_at, static_cast<std::size_t>(width)));
}

}  // namespace genlock::mkv
