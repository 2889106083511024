# Settings every target shares, and the two functions that make one: genlock_library and genlock_test.

option(GENLOCK_TESTS "Build the tests" ON)
option(GENLOCK_BENCHMARKS "Build the benchmarks" OFF)
option(GENLOCK_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(GENLOCK_SANITIZE "" CACHE STRING "Sanitizers of the whole build, for example address,undefined or thread")

set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

# genlock_compile_alone(FILE...): not compiled as one with others where CMAKE_UNITY_BUILD is on, as its names are other
# files' names too.
function(genlock_compile_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(GENLOCK_CCACHE ccache)
if(GENLOCK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these it would keep nothing that uses precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${GENLOCK_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${GENLOCK_CCACHE})
endif()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(LIBURING REQUIRED IMPORTED_TARGET liburing)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)

# genlock_archive(NAME [LINKS...]): target genlock::archive_NAME, the static libNAME.a. What we ship then needs nobody's
# library at run time, and the C libraries clash with none that a program brings.
function(genlock_archive name)
  find_library(GENLOCK_ARCHIVE_${name} lib${name}.a REQUIRED)
  add_library(genlock_archive_${name} INTERFACE)
  add_library(genlock::archive_${name} ALIAS genlock_archive_${name})
  target_link_libraries(genlock_archive_${name} INTERFACE ${GENLOCK_ARCHIVE_${name}} ${ARGN})
endfunction()
genlock_archive(jpeg)
genlock_archive(deflate)
genlock_archive(uring)
genlock_archive(yuv)

add_library(genlock_flags INTERFACE)
target_include_directories(genlock_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
# Designated initialisers leave members to their defaults on purpose, which g++ would otherwise warn of.
target_compile_options(genlock_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
                                               -Wno-missing-field-initializers -Werror)
# Names of one file are not hidden from the next there, and g++ takes them for a header's.
target_compile_options(genlock_flags INTERFACE
  "$<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-shadow;$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>>")
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  target_compile_options(genlock_flags INTERFACE -Wthread-safety)
else()
  # g++ 12 sees overlaps in std::string's own copies when it optimises fully, its bug 105651, and reads of an empty
  # std::optional's content where it is not read: its bug 80635.
  target_compile_options(genlock_flags INTERFACE "$<$<CONFIG:Release>:-Wno-restrict;-Wno-maybe-uninitialized>")
endif()
if(GENLOCK_SANITIZE)
  target_compile_options(genlock_flags INTERFACE -fsanitize=${GENLOCK_SANITIZE} -fno-omit-frame-pointer
                                                 -fno-sanitize-recover=all)
  target_link_options(genlock_flags INTERFACE -fsanitize=${GENLOCK_SANITIZE})
endif()

# genlock_library(NAME SOURCES a.cpp... LINKS other parts... [FUZZED]): one part of the design, as target genlock::NAME.
# LINKS is the list of permitted arrows; PRIVATE_LINKS are outside libraries that do not show in the headers; FUZZED parts
# tell libFuzzer where they come to.
function(genlock_library name)
  cmake_parse_arguments(ARG "FUZZED" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(genlock_${name} STATIC ${ARG_SOURCES})
  if(ARG_FUZZED AND GENLOCK_FUZZ)
    target_compile_options(genlock_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  add_library(genlock::${name} ALIAS genlock_${name})
  target_link_libraries(genlock_${name} PUBLIC ${ARG_LINKS} PRIVATE genlock_flags ${ARG_PRIVATE_LINKS})
  target_include_directories(genlock_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
endfunction()

# genlock_program(NAME SOURCES ... LINKS ...): an installed program.
function(genlock_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE genlock_flags ${ARG_LINKS})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# genlock_test(NAME SOURCES ... LINKS ... [LABELS ...] [TIMEOUT seconds] [COMPUTES]): one GoogleTest program, one ctest
# entry. Its own code is compiled without optimisation, in half the time, unless it COMPUTES.
function(genlock_test name)
  cmake_parse_arguments(ARG "COMPUTES" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE genlock_flags ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  if(NOT ARG_COMPUTES)
    target_compile_options(${name} PRIVATE -O0)
    if(CMAKE_UNITY_BUILD AND NOT "${ARG_SOURCES}" MATCHES "\\.c(;|$)")
      target_precompile_headers(${name} REUSE_FROM genlock_test_headers)
    endif()
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# genlock_fuzzer(NAME SOURCES ... LINKS ... CORPUS dir [RUNS n]): a libFuzzer program; ctest runs it briefly on its corpus, the same
# inputs each time where addresses may be fixed (they are among what libFuzzer learns from): what fails there was changed
# by who changed the code.
if(GENLOCK_FUZZ)
  execute_process(COMMAND setarch --addr-no-randomize true RESULT_VARIABLE genlock_random_addresses OUTPUT_QUIET ERROR_QUIET)
  if(genlock_random_addresses EQUAL 0)
    set(GENLOCK_FIXED_ADDRESSES setarch --addr-no-randomize)
  endif()
endif()
function(genlock_fuzzer name)
  cmake_parse_arguments(ARG "" "CORPUS;RUNS" "SOURCES;LINKS" ${ARGN})
  if(NOT ARG_RUNS)
    set(ARG_RUNS 20000)
  endif()
  if(NOT GENLOCK_FUZZ)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE genlock_flags ${ARG_LINKS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz/${name}_corpus)
  add_test(NAME ${name} COMMAND ${GENLOCK_FIXED_ADDRESSES} $<TARGET_FILE:${name}> -seed=14 -runs=${ARG_RUNS} -max_total_time=30
                                -rss_limit_mb=256 -timeout=20 ${PROJECT_BINARY_DIR}/fuzz/${name}_corpus ${ARG_CORPUS})
  # The limit is for what the parsers hold, not for what AddressSanitizer keeps of what they freed.
  set_tests_properties(${name} PROPERTIES TIMEOUT 180 LABELS fuzz ENVIRONMENT ASAN_OPTIONS=quarantine_size_mb=16)
endfunction()
