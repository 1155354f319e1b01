# What `cmake --install` puts where: library, headers, package for find_package(resys), resys.pc.
include(CMakePackageConfigHelpers)

set(RESYS_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/resys)
install(TARGETS resys_cpp resys_c EXPORT resysTargets
        PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/resys DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.hpp)

install(EXPORT resysTargets NAMESPACE resys:: DESTINATION ${RESYS_CMAKE_DIR})
configure_package_config_file(cmake/resysConfig.cmake.in ${PROJECT_BINARY_DIR}/resysConfig.cmake
                              INSTALL_DESTINATION ${RESYS_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/resysConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/resysConfig.cmake ${PROJECT_BINARY_DIR}/resysConfigVersion.cmake
        DESTINATION ${RESYS_CMAKE_DIR})

# resys.pc. A program that links the static library needs its dependencies too; SQLiteCpp has no
# pkg-config file.
file(RELATIVE_PATH RESYS_PC_UP ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" RESYS_PC_PREFIX "\${pcfiledir}/${RESYS_PC_UP}")
set(RESYS_PC_INCLUDEDIR ${CMAKE_INSTALL_INCLUDEDIR})
set(RESYS_PC_LIBDIR ${CMAKE_INSTALL_LIBDIR})
set(RESYS_PC_VERSION ${PROJECT_VERSION})
set(RESYS_PC_REQUIRES)
set(RESYS_PC_LIBS)
if(NOT BUILD_SHARED_LIBS)
  set(RESYS_PC_REQUIRES "libcrypto")
  if(NOT RESYS_SQLITE_AMALGAMATION)
    string(APPEND RESYS_PC_REQUIRES " sqlite3")
  endif()
  if(RESYS_CURL)
    string(APPEND RESYS_PC_REQUIRES " libcurl")
  endif()
  set(RESYS_PC_LIBS "-lSQLiteCpp -pthread -ldl")
endif()
foreach(file resys.pc resys-c.pc)
  configure_file(cmake/${file}.in ${PROJECT_BINARY_DIR}/${file} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
