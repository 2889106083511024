#pragma once

#include <cstdint>
#include <string_view>

// Which of the vector code's versions run. Highway compiles them; its own choice at run time would need its
// shared library, and libk4a shall need none.

namespace genlock::geometry {

enum class Vectors : std::uint8_t { plain, sse4, avx2, avx512 };
std::string_view to_string(Vectors vectors);

/// The widest that this processor has.
Vectors widest_vectors();

/// What runs: the widest unless use_vectors chose.
Vectors vectors_in_use();

/// For tests and benchmarks: at most these from now on, in all threads.
void use_vectors(Vectors vectors);

/// The versions of a function; null where a version was not compiled.
template <class Function>
struct Versions {
  Function* avx512;
  Function* avx2;
  Function* sse4;
  Function* plain;

  Function* chosen() const {
    const Vectors vectors = vectors_in_use();
    if (vectors == Vectors::avx512 && avx512 != nullptr) return avx512;
    if (vectors >= Vectors::avx2 && avx2 != nullptr) return avx2;
    if (vectors >= Vectors::sse4 && sse4 != nullptr) return sse4;
    return plain;
  }
};

}  // namespace genlock::geometry

/// Of a function in Highway's namespaces, to be used once they are complete.
#define GENLOCK_CHOSEN_VERSION(function)                                               \
  (::genlock::geometry::Versions<decltype(HWY_STATIC_DISPATCH(function))>{             \
      HWY_CHOOSE_AVX3(function), HWY_CHOOSE_AVX2(function), HWY_CHOOSE_SSE4(function), \
      &HWY_STATIC_DISPATCH(function)}                                                  \
       .chosen())
