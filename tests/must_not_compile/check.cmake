# cmake -DCOMPILER=... -DSOURCE_DIR=... -DWORK_DIR=... -P check.cmake
#
# Proves that mixing device and host time does not compile. Each row is: a name, an expression that the compiler must
# refuse, and its allowed twin, which must compile, so that a row cannot pass for another reason.

set(rows
  "device duration plus host duration"   "device + host"                     "device + device"
  "host duration plus device duration"   "host_ns + device"                  "host_ns + host"
  "device duration minus host duration"  "device - host_ns"                  "device - device"
  "device time plus host duration"       "device_time + host"                "device_time + device"
  "host time plus device duration"       "host_time + device"                "host_time + host"
  "host time minus device time"          "host_time - device_time"           "host_time - host_time"
  "device time minus host time"          "device_time - host_time"           "device_time - device_time"
  "host time minus wall time"            "host_time - wall_time"             "wall_time - wall_time"
  "host duration as device duration"     "takes_device(host)"                "takes_device(device)"
  "device duration as host duration"     "takes_host(device)"                "takes_host(host)"
  "host time as device time"             "takes_device_time(host_time)"      "takes_device_time(device_time)"
  "device time as host time"             "takes_host_time(device_time)"      "takes_host_time(host_time)"
  "bare integer as device duration"      "takes_device(5)"                   "takes_device(device_us(5))"
  "device duration as integer"           "takes_integer(device.count())"     "takes_integer(count_us(device))"
  "comparing durations"                  "device < host"                     "device < 2 * device"
  "equality of durations"                "device == host"                    "device == ticks"
  "comparing times"                      "device_time < host_time"           "device_time < device_time"
  "equality of times"                    "host_time == device_time"          "host_time == host_time")

function(compiles expressions result)
  set(line 0)
  set(text "#include \"prelude.h\"\n")
  foreach(expression IN LISTS expressions)
    math(EXPR line "${line} + 1")
    string(APPEND text "[[maybe_unused]] const auto value_${line} = ${expression};\n")
  endforeach()
  file(WRITE ${WORK_DIR}/expressions.cpp "${text}")
  execute_process(
    COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${SOURCE_DIR}/src -I${SOURCE_DIR}/tests/must_not_compile
            ${WORK_DIR}/expressions.cpp
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(output "${output}" PARENT_SCOPE)
  if(status EQUAL 0)
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

set(twins)
while(rows)
  list(POP_FRONT rows name forbidden allowed)
  list(APPEND twins "${allowed}")
  compiles("${forbidden}" ok)
  if(ok)
    message(SEND_ERROR "${name}: compiles though it must not: ${forbidden}")
  endif()
endwhile()

compiles("${twins}" ok)
if(NOT ok)
  message(SEND_ERROR "an allowed twin does not compile:\n${output}")
endif()
