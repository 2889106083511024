#pragma once

#include <cstddef>
#include <cstdint>

namespace genlock::fuzz {

/// Changes a Matroska file by whole elements, of the segment or of one of its masters, as programs, disks and
/// hands do: leaves one out, puts it elsewhere or there twice, gives it another size or none, puts garbage,
/// zeros or an unknown element before it, ends the file there. `data` has room for `room` bytes; returns the
/// new size, or 0 where the file has no elements to be changed. The same for the same `seed`.
std::size_t mutate_elements(std::uint8_t* data, std::size_t size, std::size_t room, unsigned seed);

}  // namespace genlock::fuzz
