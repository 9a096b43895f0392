/** The students' form. Titles are those that the matching server knows; docs/inputs.md says what each means. */

var FORM = {
  kind: 'students',
  path: '/api/form-submission/',
  title: 'Resume review: students',
  description: 'Tell us when you are free, and we find somebody who reviews your resume with you for 30 minutes.',
  items: [
    { type: 'text', title: 'Email Address', required: true, help: 'Your invitation goes here.' },
    { type: 'text', title: 'Full Name', required: true },
    { type: 'text', title: 'Discord Username', required: true },
    { type: 'text', title: 'Resume Link', required: true, help: 'https://... that your reviewer can open' },
    { type: 'text', title: 'Target Industry', required: true },
    { type: 'text', title: 'Target Role', required: true },
    {
      type: 'choice', title: 'Experience Level', required: true,
      options: ['Entry Level (0-2 years)', 'Mid Level (2-5 years)', 'Senior Level (5+ years)', 'Career Changers',
        'Recent Graduates']
    },
    {
      type: 'paragraph', title: 'Availability', required: true,
      help: 'In your own words: "Mon and Wed 2-4pm, Fridays after 5, not on Dec 24"'
    },
    {
      type: 'choice', title: 'Time Zone', required: true,
      options: ['Eastern Time (ET)', 'Central Time (CT)', 'Mountain Time (MT)', 'Pacific Time (PT)',
        'Hawaii Time (HT)', 'Alaska Time (AT)', 'UTC', 'Other (please specify in notes)']
    },
    {
      type: 'checkboxes', title: 'Meeting Format',
      options: ['Video Call (Google Meet/Zoom)', 'Phone Call', 'Email Review Only', 'No preference']
    },
    { type: 'paragraph', title: 'Notes' },
    {
      type: 'text', title: 'Verification Code',
      help: 'Filled in by your personal link from the Discord bot (!resume). Leave it as it is.'
    }
  ]
};
