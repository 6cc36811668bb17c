terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = var.region

  # eni-failover keeps its memory in tags of the floating interface. Without this, every plan would want them gone.
  ignore_tags {
    key_prefixes = ["eni-failover-state:"]
  }
}
