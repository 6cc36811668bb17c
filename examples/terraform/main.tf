# Two nginx servers and one address. The address lives on a floating network interface that eni-failover attaches to
# the server that is healthy. README.md next to this file is the walk-through.

locals {
  # Of two members that are able, the one with the higher priority is chosen.
  members = {
    a = { priority = 10 }
    b = { priority = 0 }
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_partition" "current" {}

data "aws_ssm_parameter" "al2023" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

# The network: one public subnet, because an interface can only move within its Availability Zone.

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/24"
  enable_dns_hostnames = true
  tags                 = { Name = var.group }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.group }
}

resource "aws_subnet" "this" {
  vpc_id            = aws_vpc.this.id
  cidr_block        = "10.0.0.0/26"
  availability_zone = coalesce(var.availability_zone, data.aws_availability_zones.available.names[0])
  # So that the members can install nginx and reach Systems Manager.
  map_public_ip_on_launch = true
  tags                    = { Name = var.group }
}

resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.group }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "this" {
  subnet_id      = aws_subnet.this.id
  route_table_id = aws_route_table.this.id
}

# Port 80 is open on the floating interface only. Nothing is open on the members' own interfaces: people get in with
# Session Manager.

resource "aws_security_group" "floating" {
  name        = "${var.group}-floating"
  description = "HTTP to the floating interface"
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "HTTP from anywhere"
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "member" {
  name        = "${var.group}-member"
  description = "The members themselves, nothing inbound"
  vpc_id      = aws_vpc.this.id

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# The floating interface. Nothing here attaches it, neither a block nor a resource: eni-failover does, the first time
# as well.

resource "aws_network_interface" "floating" {
  description     = "${var.group}: moved by eni-failover"
  subnet_id       = aws_subnet.this.id
  security_groups = [aws_security_group.floating.id]

  tags = {
    Name                 = "${var.group} floating"
    "eni-failover:group" = var.group
  }

  lifecycle {
    # Who holds it is eni-failover's business.
    ignore_changes = [attachment]
  }
}

# With the interface, not with an instance: the address then follows the interface and is never moved itself.
resource "aws_eip" "floating" {
  domain            = "vpc"
  network_interface = aws_network_interface.floating.id
  tags              = { Name = var.group }

  depends_on = [aws_internet_gateway.this]
}

# The members. Spread: on separate hardware, so that one host cannot take both.

resource "aws_placement_group" "spread" {
  name     = "${var.group}-spread"
  strategy = "spread"
}

resource "aws_iam_role" "member" {
  name_prefix = "${substr(var.group, 0, 30)}-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.member.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "member" {
  name_prefix = "${substr(var.group, 0, 30)}-"
  role        = aws_iam_role.member.name
}

resource "aws_instance" "member" {
  for_each = local.members

  ami                    = data.aws_ssm_parameter.al2023.insecure_value
  instance_type          = var.instance_type
  subnet_id              = aws_subnet.this.id
  vpc_security_group_ids = [aws_security_group.member.id]
  placement_group        = aws_placement_group.spread.name
  iam_instance_profile   = aws_iam_instance_profile.member.name

  user_data = templatefile("${path.module}/user-data.sh", {
    group   = var.group
    address = aws_network_interface.floating.private_ip
  })

  metadata_options {
    http_tokens = "required"
  }

  tags = {
    Name                    = "${var.group} ${each.key}"
    "eni-failover:group"    = var.group
    "eni-failover:priority" = each.value.priority
  }

  lifecycle {
    # A newer image must not replace both members at once.
    ignore_changes = [ami]
  }

  # Created after the interface, so destroyed before it: an interface that a member still holds cannot be deleted. And
  # the first boot installs nginx from the internet.
  depends_on = [aws_network_interface.floating, aws_route_table_association.this]
}

# One alarm for each member. No action: its state change is an event, and that event starts the failover. A stopped
# instance has no data; that is not failure here, because the state-change event of EC2 tells of a stop.
resource "aws_cloudwatch_metric_alarm" "member" {
  for_each = aws_instance.member

  alarm_name          = "eni-failover/${var.group}/${each.key}"
  alarm_description   = "A minute of failed EC2 status checks"
  namespace           = "AWS/EC2"
  metric_name         = "StatusCheckFailed"
  dimensions          = { InstanceId = each.value.id }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  datapoints_to_alarm = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "missing"
}
