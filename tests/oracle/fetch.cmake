# Puts the official libk4a and libk4arecord 1.4.1 into FOLDER, and the depth engine, which libk4a's image functions need,
# into FOLDER/engine, once: an independent reader for files that Genlock writes, and another's image functions.
# They come in an npm package; nothing of it is run at installation, committed or shipped. Without network the folder
# stays empty and the tests that need it say so and are skipped.
set(package kinect-azure-0.3.0.tgz)
set(sha256 d3744b028e435cef46a1b8801a39edf56fbf1ab8c878a1cdc5929a2bf33f393a)
set(inside package/sdk/sensor-sdk-1.4.1/lib/linux/amd64/release)

file(MAKE_DIRECTORY ${FOLDER})
if(EXISTS ${FOLDER}/engine/libdepthengine.so.2.0)
  return()
endif()
execute_process(COMMAND npm pack --ignore-scripts kinect-azure@0.3.0 WORKING_DIRECTORY ${FOLDER}
                TIMEOUT 120 OUTPUT_QUIET ERROR_QUIET)
if(NOT EXISTS ${FOLDER}/${package})
  message("The official libraries cannot be had: npm pack kinect-azure@0.3.0 failed. Their tests are skipped.")
  return()
endif()
file(SHA256 ${FOLDER}/${package} found)
if(NOT found STREQUAL sha256)
  file(REMOVE ${FOLDER}/${package})
  message(FATAL_ERROR "${package} is not the package that is known: SHA-256 ${found}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E tar xzf ${package} ${inside}/libk4a.so.1.4.1 ${inside}/libk4arecord.so.1.4.1
                        ${inside}/libdepthengine.so.2.0
                WORKING_DIRECTORY ${FOLDER} COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${FOLDER}/${inside}/libk4a.so.1.4.1 ${FOLDER}/libk4a.so.1.4)
file(RENAME ${FOLDER}/${inside}/libk4arecord.so.1.4.1 ${FOLDER}/libk4arecord.so.1.4)
file(MAKE_DIRECTORY ${FOLDER}/engine)
file(RENAME ${FOLDER}/${inside}/libdepthengine.so.2.0 ${FOLDER}/engine/libdepthengine.so.2.0)
file(REMOVE_RECURSE ${FOLDER}/package ${FOLDER}/${package})
