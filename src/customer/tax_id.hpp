// The ids under which businesses are registered for value added tax.
#pragma once

#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys::domain {

// The id as its country writes it, with the country's prefix: "de 136.695.976" is "DE136695976".
// Case, blanks, dots, hyphens and slashes do not matter. Known are the ids of the members of the
// European Union (Greece's begin with EL, which may be given as GR), Northern Ireland (XI), the
// United Kingdom (GB), Norway (NO) and Switzerland (CHE).
//
// invalid_request at taxId states the fault: the prefix, the form, or the check digits. Whether the
// id is registered only the country's tax office knows.
Result<std::string> tax_id(std::string_view text);

}  // namespace resys::domain
