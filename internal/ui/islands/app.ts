/** The islands every page may use. Without any of them each page is right as of its load and each action is still reachable. */
import './copy';
import './drop';
import './facets';
import './job';
import './live-form';
import './menu';
