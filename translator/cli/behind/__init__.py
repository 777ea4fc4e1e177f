"""What stands behind the verbs: imported by a verb when it is asked, never for the list of verbs."""
