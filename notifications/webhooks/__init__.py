"""Webhooks to which organisations subscribe: public alert content for their systems, beside the notices to their people."""
