# cmake -DOUTPUT=x.cpp "-DINPUTS=a;b" -P embed_calibrations.cmake: the files as arrays of a C++ source.
set(arrays "")
set(spans "")
set(index 0)
foreach(input IN LISTS INPUTS)
  file(READ ${input} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {\n${bytes}};\n")
  string(APPEND spans "      std::as_bytes(std::span(kFile${index})),\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"device/sim/embedded_calibrations.h\"

namespace genlock::device::sim {
namespace {
${arrays}
}  // namespace

std::span<const ByteSpan> embedded_calibrations() {
  static const ByteSpan files[] = {
${spans}  };
  return files;
}

}  // namespace genlock::device::sim
")
