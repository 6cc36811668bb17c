variable "region" {
  description = "Region of the deployment of eni-failover. Null: the one of the environment or the profile."
  type        = string
  default     = null
}

variable "group" {
  description = "Name of the failover group. Give a second copy in the same Region another one."
  type        = string
  default     = "nginx-pair"

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.group))
    error_message = "1 to 64 letters, digits, dots, underscores or hyphens."
  }
}

variable "instance_type" {
  description = "An x86_64 type that takes at least two network interfaces."
  type        = string
  default     = "t3.micro"
}

variable "availability_zone" {
  description = "Where everything is. Null: the first zone of the Region."
  type        = string
  default     = null
}
