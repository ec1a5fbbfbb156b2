"""What `import qkvtui` offers to other programs."""
