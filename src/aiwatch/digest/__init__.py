"""What a digest holds, when it is due, and how it reads. Pure: values in, values out."""
