output "url" {
  description = "Served by whichever member holds the floating interface"
  value       = "http://${aws_eip.floating.public_ip}/"
}

output "floating_interface_id" {
  description = "The interface that moves"
  value       = aws_network_interface.floating.id
}

output "member_a_id" {
  description = "The preferred member"
  value       = aws_instance.member["a"].id
}

output "member_b_id" {
  description = "The other member"
  value       = aws_instance.member["b"].id
}
