export { Switcher } from './Switcher';
