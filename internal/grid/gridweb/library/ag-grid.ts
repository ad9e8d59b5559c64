/** What the sheet takes of AG Grid Community (MIT, LICENSE), and no more. */
import {
  CellApiModule, CellStyleModule, ColumnApiModule, EventApiModule, InfiniteRowModelModule, LargeTextEditorModule, LocaleModule, ModuleRegistry,
  RenderApiModule, RowApiModule, ScrollApiModule, TextEditorModule, createGrid, themeQuartz,
} from 'ag-grid-community';

ModuleRegistry.registerModules([
  CellApiModule, CellStyleModule, ColumnApiModule, EventApiModule, InfiniteRowModelModule, LargeTextEditorModule, LocaleModule, RenderApiModule,
  RowApiModule, ScrollApiModule, TextEditorModule,
]);

export { createGrid, themeQuartz };
