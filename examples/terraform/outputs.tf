output "url" {
  description = "Served by whichever member holds the floating interface"
  value       = "http://${aws_eip.floating.public_ip}/"
}

output "floating_interface_id" {
  description = "The interface that moves"
  value       = aws_network_interface.floating.id
}

output "member_ids" {
  description = "The members; a is the preferred one"
  value       = { for name, member in aws_instance.member : name => member.id }
}
