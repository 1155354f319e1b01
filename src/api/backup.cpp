// A backup as a document.
#include "api/backup_fields.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const Backup& backup) {
  std::string text;
  api::write(text, backup);
  return text;
}

}  // namespace resys
