# Targets k4arecord::k4arecord and, as the vendor's package calls it, k4a::k4arecord.
include(CMakeFindDependencyMacro)
find_dependency(k4a HINTS ${CMAKE_CURRENT_LIST_DIR}/../k4a)
include(${CMAKE_CURRENT_LIST_DIR}/k4arecordTargets.cmake)
if(NOT TARGET k4a::k4arecord)
  add_library(k4a::k4arecord INTERFACE IMPORTED)
  set_target_properties(k4a::k4arecord PROPERTIES INTERFACE_LINK_LIBRARIES k4arecord::k4arecord)
endif()
