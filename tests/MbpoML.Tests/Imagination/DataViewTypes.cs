using Microsoft.ML.Data;

namespace MbpoML.Tests.Imagination;

internal static class DataViewTypes
{
    /// <summary>The type of a column's items, as a shape names it.</summary>
    public static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
