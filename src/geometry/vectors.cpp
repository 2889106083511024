#include "geometry/vectors.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace genlock::geometry {
namespace {

#if defined(__x86_64__)

// What Highway compiles its versions for; the compiler's answers include whether the system keeps the
// registers.
bool has_sse4() {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
         __builtin_cpu_supports("aes");
}

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
         __builtin_cpu_supports("fma");
}

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd");
}

Vectors detect() {
  if (!has_sse4()) return Vectors::plain;
  if (!has_avx2()) return Vectors::sse4;
  return has_avx512() ? Vectors::avx512 : Vectors::avx2;
}

#else

Vectors detect() {
  return Vectors::plain;
}

#endif

std::atomic<Vectors>& chosen() {
  static std::atomic<Vectors> vectors{widest_vectors()};
  return vectors;
}

}  // namespace

std::string_view to_string(Vectors vectors) {
  constexpr std::array<std::string_view, 4> kNames{"plain", "SSE4", "AVX2", "AVX-512"};
  return kNames[static_cast<std::size_t>(vectors)];
}

Vectors widest_vectors() {
  static const Vectors widest = detect();
  return widest;
}

Vectors vectors_in_use() {
  return chosen();
}

void use_vectors(Vectors vectors) {
  chosen() = std::min(vectors, widest_vectors());
}

}  // namespace genlock::geometry
