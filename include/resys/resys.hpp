// Everything a host needs.
#pragma once

#include "resys/document_ports.hpp"
#include "resys/shop.hpp"

// The version of these headers (semantic versioning).
#define RESYS_VERSION "0.1.0"
