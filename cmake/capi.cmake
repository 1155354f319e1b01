# libresys.so: the C interface, with the C++ library inside. Its ABI has a number of its own.
set(RESYS_ABI_VERSION 1)
set(RESYS_C_HEADERS ${PROJECT_SOURCE_DIR}/capi/resys.h ${PROJECT_SOURCE_DIR}/capi/resys_names.h)
add_library(resys_c SHARED capi/resys.cpp)
add_library(resys::c ALIAS resys_c)
target_compile_features(resys_c PRIVATE cxx_std_20)
set_target_properties(resys_c PROPERTIES OUTPUT_NAME resys EXPORT_NAME c
                      VERSION ${RESYS_ABI_VERSION}.${PROJECT_VERSION_MINOR}.${PROJECT_VERSION_PATCH}
                      SOVERSION ${RESYS_ABI_VERSION}
                      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                      PUBLIC_HEADER "${RESYS_C_HEADERS}"
                      LINK_DEPENDS ${PROJECT_SOURCE_DIR}/capi/resys.map)
target_include_directories(resys_c PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/capi>
                                          $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(resys_c PRIVATE resys_cpp $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>)
# Only resys_* is exported: no symbol of the C++ libraries inside can meet the host's.
target_link_options(resys_c PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/capi/resys.map)
resys_compile_options(resys_c)
