import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/api/queries';
import { followSession } from '@/app/lifecycle';
import { router } from '@/app/router';
import { session } from '@/auth/session';
import { startI18n } from '@/lib/i18n';
import { followTheme } from '@/lib/theme';
import { TooltipLayer } from '@/ui/TooltipLayer';

followTheme();
followSession();
// The words and the session are fetched at the same time.
void session.start();
await startI18n();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <TooltipLayer />
      </QueryClientProvider>
    </StrictMode>,
  );
}
