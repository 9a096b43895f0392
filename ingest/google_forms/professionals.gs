/** The professionals' form. Titles are those that the matching server knows; docs/inputs.md says what each means. */

var FORM = {
  kind: 'professionals',
  path: '/api/forms/professional-availability/',
  title: 'Resume review: professionals',
  description: 'Thank you for reviewing resumes. Tell us when you are free; each review takes 30 minutes.',
  items: [
    { type: 'text', title: 'Full Name', required: true },
    { type: 'text', title: 'Email Address', required: true, help: 'Invitations go here.' },
    { type: 'text', title: 'Professional Title', required: true },
    { type: 'text', title: 'Company/Organization', required: true },
    { type: 'text', title: 'Industry Specializations', required: true, help: 'Separate them by commas.' },
    { type: 'date', title: 'Availability Start Date', required: true },
    { type: 'date', title: 'Availability End Date', required: true, help: 'Typically two to four weeks later.' },
    {
      type: 'checkboxes', title: 'Preferred Days of the Week', required: true,
      options: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
    },
    {
      type: 'checkboxes', title: 'Preferred Time Slots (Select all that work for you)', required: true,
      options: ['9:00 AM - 10:00 AM', '10:00 AM - 11:00 AM', '11:00 AM - 12:00 PM', '12:00 PM - 1:00 PM',
        '1:00 PM - 2:00 PM', '2:00 PM - 3:00 PM', '3:00 PM - 4:00 PM', '4:00 PM - 5:00 PM', '5:00 PM - 6:00 PM',
        '6:00 PM - 7:00 PM', '7:00 PM - 8:00 PM', '8:00 PM - 9:00 PM']
    },
    {
      type: 'choice', title: 'Your Time Zone', required: true,
      options: ['Eastern Time (ET)', 'Central Time (CT)', 'Mountain Time (MT)', 'Pacific Time (PT)',
        'Hawaii Time (HT)', 'Alaska Time (AT)', 'UTC', 'Other (please specify in notes)']
    },
    {
      type: 'paragraph', title: 'Specific Available Times',
      help: 'Monday 2-3 PM, Wednesday 10-11 AM, Friday 1-2 PM. They replace the days and slots above.'
    },
    {
      type: 'checkboxes', title: 'Experience Levels You Prefer to Review', required: true,
      options: ['Entry Level (0-2 years)', 'Mid Level (2-5 years)', 'Senior Level (5+ years)', 'Career Changers',
        'Recent Graduates', 'No preference - all levels']
    },
    {
      type: 'checkboxes', title: 'Industries You Can Review', required: true,
      options: ['Technology/Software', 'Finance/Banking', 'Healthcare', 'Consulting', 'Marketing/Advertising',
        'Engineering', 'Education', 'Retail', 'Non-Profit', 'Government', 'Startups', 'Other (any industry)']
    },
    {
      type: 'checkboxes', title: 'Meeting Format Preferences', required: true,
      options: ['Video Call (Google Meet/Zoom)', 'Phone Call', 'Email Review Only', 'No preference']
    },
    { type: 'paragraph', title: 'Special Notes or Requirements' },
    { type: 'text', title: 'Maximum Reviews Per Week', help: 'A number, such as 2. Leave it empty for no wish.' },
    {
      type: 'checkboxes', title: 'Confirmation', required: true,
      options: ['I can be contacted about the reviews I offer.']
    },
    {
      type: 'text', title: 'Verification Code',
      help: 'Filled in by your personal link. Leave it as it is.'
    }
  ]
};
